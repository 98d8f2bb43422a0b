import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import type { RecordSource } from './records.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** Longer than the control plane waits for other systems. */
const timeoutMs = 40_000;

/** Asks the control plane about a business. What it refuses, it says in words for the owner. */
export async function askBusiness(
  { controlUrl, staffKey, business }: RecordSource,
  method: Method,
  path: string,
  body?: unknown,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${controlUrl}/v1/businesses/${encodeURIComponent(business)}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${staffKey}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new SetUpError(`The control plane does not answer at ${controlUrl}. Start it: npm start`, { cause: error });
  }
  const answer: unknown = response.status === 204 ? null : await response.json();
  if (response.ok) return answer;
  const { error } = v.parse(Problem, answer);
  throw new SetUpError(`${error.message} ${error.action}`);
}
