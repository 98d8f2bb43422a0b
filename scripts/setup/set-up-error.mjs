/** Something the user can put right. The message says how; no stack trace helps. */
export class SetUpError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'SetUpError';
  }
}
