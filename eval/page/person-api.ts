/** How a test drives the page of somebody of the business who takes a call over. Free of DOM types. */
export interface PersonApi {
  /** Joins, and resolves with the briefing once there is sound. */
  join(session: { token: string; signalingUrl: string }): Promise<string>;
  accept(): void;
  /** Samples: see `base64.ts`. Resolves when the last one has left. */
  say(base64: string): Promise<{ startMs: number; endMs: number }>;
  /** What was heard in a span of time, 48 kHz. */
  recording(fromMs: number, toMs: number): string;
  /** The payloads that were sent and that came, in base64, since this was last asked. */
  packets(): { sent: string[]; came: string[] };
  hangUp(): void;
}

export interface PersonSetup {
  readonly workletSource: string;
}

declare global {
  var parleyPerson: PersonApi;
}
