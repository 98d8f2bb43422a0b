import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { CallOrder } from '../../contract/outbound.ts';
import { Problem } from '../../contract/problem.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const timeoutMs = 10_000;

export interface Refused {
  readonly rule: string;
  readonly text: string;
}

/** Orders one call, or hears which rule is against it. */
export async function placeOrder(
  source: RecordSource,
  order: Readonly<Record<string, unknown>>,
): Promise<CallOrder | Refused> {
  const { status, body } = await ask(source, 'POST', '/v1/calls', { business: source.business, ...order });
  if (status === 200 || status === 201) return v.parse(CallOrder, body);
  const { error } = problemIn(body, status);
  if (error.rule !== undefined) return { rule: error.rule, text: `${error.message} ${error.action}` };
  throw new SetUpError(`${error.field === undefined ? '' : `${error.field}: `}${error.message} ${error.action}`);
}

export async function readOrder(source: RecordSource, id: string): Promise<CallOrder> {
  return orderOf(await ask(source, 'GET', `/v1/calls/outbound/${id}?business=${source.business}`));
}

/** Hangs up, or keeps it from being dialled. */
export async function cancelOrder(source: RecordSource, id: string): Promise<CallOrder> {
  return orderOf(await ask(source, 'POST', `/v1/calls/outbound/${id}/cancel?business=${source.business}`, {}));
}

function orderOf({ status, body }: { status: number; body: unknown }): CallOrder {
  if (status === 200) return v.parse(CallOrder, body);
  throw new SetUpError(problemIn(body, status).error.message);
}

function problemIn(body: unknown, status: number): Problem {
  const problem = v.safeParse(Problem, body);
  if (problem.success) return problem.output;
  throw new SetUpError(`The control plane answered with status ${status}. Its log is in the data folder, under logs.`);
}

async function ask(
  { controlUrl, staffKey }: RecordSource,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${staffKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new SetUpError(`The control plane does not answer at ${controlUrl}. Start it: npm start`, { cause });
  });
  return { status: response.status, body: await response.json().catch(() => null) };
}
