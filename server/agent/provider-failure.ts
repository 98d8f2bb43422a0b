/** Why an engine did not do its work. The message goes into the call's record: it holds no key and nothing that was said. */
export class ProviderFailure extends Error {
  /** The engine itself said that it should not be asked again for so long. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.retryAfterMs = options.retryAfterMs;
  }
}
