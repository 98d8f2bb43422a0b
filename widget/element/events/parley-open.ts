/** The panel has opened. */
export type ParleyOpenEvent = CustomEvent<null>;
