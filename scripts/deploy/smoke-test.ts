import * as v from 'valibot';
import { CallRecord } from '../../contract/call-record.ts';
import type { CallEvent } from '../../contract/call-event.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const timeoutMs = 15_000;
/** A business that nobody calls: what is tried out is in nobody's record. */
const business = 'parley-smoke-test';

export interface Keys {
  readonly staffKey: string;
  readonly nodeKey: string;
}

/** Writes a call, as a media node would, and reads it, as staff would. Throws with what did not work. */
export async function smokeTest(publicUrl: string, { staffKey, nodeKey }: Keys): Promise<void> {
  const callId = crypto.randomUUID();
  const events: CallEvent[] = [
    {
      seq: 0,
      atMs: Date.now(),
      fact: {
        type: 'call-start',
        door: 'phone',
        mode: 'voice',
        playbook: '0'.repeat(64),
        node: 'smoke-test',
        locale: 'en-US',
      },
    },
    { seq: 1, atMs: Date.now(), fact: { type: 'call-end', reason: 'agent-goodbye', outcome: 'no-speech' } },
  ];
  await ask(publicUrl, 'GET', '/healthz');
  await ask(publicUrl, 'PUT', `/v1/businesses/${business}`, staffKey, { origins: [], crm: null });
  await ask(publicUrl, 'POST', `/v1/node/calls/${callId}/events`, nodeKey, { business, events });
  const record = v.parse(
    CallRecord,
    await ask(publicUrl, 'GET', `/v1/businesses/${business}/calls/${callId}`, staffKey),
  );
  if (record.events.length !== events.length)
    throw new SetUpError(`A call of ${events.length} events was stored with ${record.events.length}.`);
}

async function ask(publicUrl: string, method: string, path: string, key?: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(publicUrl + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new SetUpError(`${method} ${publicUrl}${path} was not answered.`, { cause: error });
  }
  const text = await response.text();
  if (!response.ok) throw new SetUpError(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`);
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  return answer;
}
