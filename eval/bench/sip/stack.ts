import * as v from 'valibot';
import { BenchChild } from '../child.ts';

export type StackRequest = 'state' | 'parse';

const StackState = v.object({
  port: v.number(),
  /** Calls that came, and those that are over. */
  begun: v.number(),
  ended: v.number(),
  faults: v.number(),
  /** After a collection. */
  heapBytes: v.number(),
  /** For one INVITE of a trunk; where it was asked for. */
  parseUs: v.optional(v.number()),
});
export type StackState = v.InferOutput<typeof StackState>;

export type SipStack = BenchChild<typeof StackState>;

/** The SIP stack in a process of its own. */
export async function startStack(): Promise<{ stack: SipStack; port: number }> {
  const { child, state } = await BenchChild.start('sip/stack-process.ts', [], StackState);
  return { stack: child, port: state.port };
}
