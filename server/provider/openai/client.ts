import OpenAI, { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { ProviderFailure } from '../../agent/provider-failure.ts';

/** Where a compatible API is, and the key for it. */
export interface OpenAiAccess {
  /** As `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

/**
 * A client that tries once. In a call there is no time to try again: the next engine of the chain is sooner there, and
 * the circuit breaker decides when this one gets its next chance.
 */
export function createClient({ baseUrl, apiKey }: OpenAiAccess): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey,
    // Neither of these comes from the environment unseen.
    organization: null,
    project: null,
    adminAPIKey: null,
    maxRetries: 0,
    logLevel: 'off',
  });
}

/** @param what as 'Speech synthesis': begins the message, which goes into the call's record. Never holds the key. */
export function toFailure(what: string, error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) {
    return new ProviderFailure(`${what} took too long`, { cause: error });
  }
  if (error instanceof APIError && error.status !== undefined) {
    const retryAfterMs = readRetryAfter(error.headers);
    return new ProviderFailure(`${what} was refused: ${explain(error.status)}`, { cause: error, retryAfterMs });
  }
  return new ProviderFailure(`${what} failed: the connection broke`, { cause: error });
}

function explain(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return `${status}, check OPENAI_API_KEY`;
    case 404:
      return '404, check OPENAI_BASE_URL and the model names';
    case 429:
      return '429, the limit of requests or of credit is reached';
    default:
      return String(status);
  }
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3), at most ten minutes. A date, or nonsense, counts as none. */
function readRetryAfter(headers: Headers | undefined): number | undefined {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return seconds > 0 ? Math.min(seconds, 600) * 1_000 : undefined;
}
