import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { CallRecord } from '../../contract/call-record.ts';
import { Session } from '../../contract/session.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { Business } from '../business/business.ts';
import { testBindings } from './bindings.ts';
import { testBundle } from './playbook.ts';

export const origin = 'https://summit.example';
export const crm = { url: 'https://crm.test/hook', secret: `whsec_${btoa('a secret of twenty-four-ish bytes')}` };

/** Monday 5 March 2035, 10:00 in Denver. Ahead of the real clock, so that no alarm rings by itself. */
export const mondayMs = Date.UTC(2035, 2, 5, 17);

export interface Sent {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** One request to the Worker, as JSON. */
export async function request(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Response> {
  return exports.default.fetch(`https://parley.test${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

export const asStaff = { authorization: `Bearer ${testBindings.STAFF_KEY}` };
export const asNode = { authorization: `Bearer ${testBindings.NODE_KEY}` };

let businesses = 0;
/** Of the test that runs: what others left in queues may still come. */
export const businessesOfTest = new Set<string>();

/** A business of its own for a test, with a playbook and a clock that stands still. */
export async function setUpBusiness(
  change: Partial<Omit<Bundle, 'hash'>> = {},
  config: { crm?: typeof crm | null; rateLimitPerMinute?: number; totalRateLimitPerMinute?: number } = {},
): Promise<{
  business: string;
  bundle: Bundle;
  stub: DurableObjectStub<Business>;
  setClock: (nowMs: number) => Promise<void>;
}> {
  businesses += 1;
  const business = `business-${businesses}-${crypto.randomUUID().slice(0, 8)}`;
  businessesOfTest.add(business);
  onTestFinished(() => void businessesOfTest.delete(business));
  const bundle = await testBundle(business, change);
  const stub = env.BUSINESS.getByName(business);
  const setClock = async (nowMs: number): Promise<void> => {
    await runInDurableObject(stub, (instance: Business) => {
      instance.now = () => nowMs;
    });
  };
  await setClock(mondayMs);
  await request('PUT', `/v1/businesses/${business}`, {
    headers: asStaff,
    body: { origins: [origin], crm: null, ...config },
  });
  await request('PUT', `/v1/businesses/${business}/playbook`, { headers: asStaff, body: bundle });
  return { business, bundle, stub, setClock };
}

export async function openSession(business: string, headers: Record<string, string> = {}): Promise<Session> {
  const response = await request('POST', '/v1/sessions', {
    headers: { origin, ...headers },
    body: sessionRequest(business),
  });
  return v.parse(Session, await response.json());
}

export const sessionRequest = (business: string) => ({
  business,
  mode: 'voice',
  consent: { accepted: true, version: '2035-01' },
});

export async function callRecord(business: string, callId: string): Promise<CallRecord> {
  const response = await request('GET', `/v1/businesses/${business}/calls/${callId}`, { headers: asStaff });
  return v.parse(CallRecord, await response.json());
}
