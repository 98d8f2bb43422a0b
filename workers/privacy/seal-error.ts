/** Sealed data that cannot be opened. The message says why, as far as it can be known. */
export class SealError extends Error {
  override readonly name = 'SealError';
}
