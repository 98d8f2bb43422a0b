import type { Ended } from '../../call/call-state.ts';

/** A call is over, however it ended. */
export type ParleyCallEndEvent = CustomEvent<{ readonly callId: string; readonly outcome: Ended['outcome'] }>;
