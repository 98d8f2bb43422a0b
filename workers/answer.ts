import type { CallRefusal } from '../contract/outbound.ts';
import type { ProblemCode } from '../contract/problem.ts';

/** Why a request was not carried out, as it crosses from the Durable Object to the route. */
export interface Fault {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
  readonly code: ProblemCode;
  readonly message: string;
  readonly action: string;
  readonly field?: string;
  /** What could be sent instead. */
  readonly choices?: readonly string[];
  readonly retryAfterS?: number;
  readonly refusal?: CallRefusal;
}

/** An expected outcome is a value. Exceptions do not survive the way out of a Durable Object well. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export const succeed = <T>(value: T): Answer<T> => ({ ok: true, value });
export const fail = (fault: Fault): { readonly ok: false; readonly fault: Fault } => ({ ok: false, fault });
