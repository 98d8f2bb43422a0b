/** A call is connected. */
export type ParleyCallStartEvent = CustomEvent<{ readonly callId: string }>;
