/** With the agent. */
const maxAgentMs = 30 * 60_000;

/**
 * Whether a call has lasted for too long. Who talks to a person has more time; but a line that nobody hung up, as one
 * that was forgotten on hold, must end too.
 */
export function isOverdue(ageMs: number, call: { readonly joined: boolean; readonly maxJoinedMs: number }): boolean {
  return ageMs > (call.joined ? Math.max(call.maxJoinedMs, maxAgentMs) : maxAgentMs);
}
