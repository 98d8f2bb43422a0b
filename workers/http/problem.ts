import type { Context } from 'hono';
import type { Problem } from '../../contract/problem.ts';
import type { Answer, Fault } from '../answer.ts';

/** Ends a request with a fault. Caught by the app's `onError`. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export function problem(
  c: Context,
  { status, code, message, action, field, choices, retryAfterS, refusal }: Fault,
): Response {
  if (retryAfterS !== undefined) c.header('Retry-After', String(retryAfterS));
  if (status === 401) c.header('WWW-Authenticate', 'Bearer');
  const body: Problem = {
    error: {
      code,
      message,
      action,
      ...(field === undefined ? {} : { field }),
      ...(choices === undefined ? {} : { choices: [...choices] }),
      ...(refusal === undefined ? {} : { rule: refusal.rule }),
      ...(typeof refusal?.allowedFromMs !== 'number' ? {} : { allowedFromMs: refusal.allowedFromMs }),
    },
  };
  return c.json(body, status);
}

/** The value of an answer; a fault ends the request. */
export function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new FaultError(answer.fault);
  return answer.value;
}
