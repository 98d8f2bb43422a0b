/** The panel has opened. */
export type ParleyOpenEvent = CustomEvent<null>;

declare global {
  interface HTMLElementEventMap {
    'parley-open': ParleyOpenEvent;
  }
}
