/** A call is connected. */
export type ParleyCallStartEvent = CustomEvent<{ readonly callId: string }>;

declare global {
  interface HTMLElementEventMap {
    'parley-call-start': ParleyCallStartEvent;
  }
}
