import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import type { Env } from '../env.ts';
import { asNode, asStaff, request } from '../test/control-plane.ts';
import { testBindings } from '../test/bindings.ts';
import { app } from './app.ts';

const callId = '0191d8b2-0000-4000-8000-000000000001';
const nodeRoutes = [
  ['GET', `/v1/node/playbooks/some-business/${'0'.repeat(64)}`],
  ['GET', '/v1/node/businesses/some-business/playbook'],
  ['POST', `/v1/node/calls/${callId}/events`],
  ['POST', '/v1/node/slots'],
  ['POST', '/v1/node/bookings'],
  ['POST', '/v1/node/fleet'],
] as const;
const staffRoutes = [
  ['PUT', '/v1/businesses/some-business'],
  ['PUT', '/v1/businesses/some-business/playbook'],
  ['GET', '/v1/businesses/some-business/calls'],
  ['GET', `/v1/businesses/some-business/calls/${callId}`],
  ['POST', `/v1/businesses/some-business/calls/${callId}/join`],
  ['GET', '/v1/businesses/some-business/appointments'],
  ['GET', '/v1/fleet'],
  ['POST', '/v1/fleet/nodes/north/drain'],
  ['POST', `/v1/businesses/some-business/deliveries/${callId}/replay`],
] as const;

const wrongKeys = (other: string): [string, Record<string, string>][] => [
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer wrong' }],
  ['an empty key', { authorization: 'Bearer ' }],
  ['another scheme', { authorization: `Basic ${testBindings.NODE_KEY}` }],
  ["the other's key", { authorization: other }],
];

describe.each([
  ...nodeRoutes.map((route) => [...route, asStaff] as const),
  ...staffRoutes.map((route) => [...route, asNode] as const),
])('%s %s', (method, path, other) => {
  it.each(wrongKeys(other.authorization))('refuses %s', async (_, headers) => {
    const response = await request(method, path, { headers, ...(method === 'GET' ? {} : { body: {} }) });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(v.parse(Problem, await response.json()).error.code).toBe('unauthorized');
  });
});

describe('the app', () => {
  it('answers an unknown address with a problem', async () => {
    const response = await request('GET', '/v1/nothing');
    expect(response.status).toBe(404);
    expect(v.parse(Problem, await response.json()).error.code).toBe('not-found');
  });

  it('names the part of a path that is wrong', async () => {
    const response = await request('GET', '/v1/businesses/Not_A_Slug/calls', { headers: asStaff });
    expect(response.status).toBe(400);
    expect(v.parse(Problem, await response.json()).error.field).toBe('business');
  });

  it('refuses a body that is larger than it says', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(16_384));
      },
    });
    const response = await app.request('/v1/node/slots', { method: 'POST', headers: asNode, body }, testEnv());
    expect(response.status).toBe(413);
  });

  it('is healthy with its settings, and names the one that is wrong without its value', async () => {
    expect((await request('GET', '/healthz')).status).toBe(200);
    const response = await app.request(
      '/healthz',
      {},
      testEnv({ SESSION_KEY: 'too-short-a-secret', MEDIA_NODES: '{}' }),
    );
    expect(response.status).toBe(500);
    const { message } = v.parse(Problem, await response.json()).error;
    expect(message).toContain('SESSION_KEY must have at least 32 bytes');
    expect(message).toContain('MEDIA_NODES must be a list of');
    expect(message).not.toContain('too-short-a-secret');
  });
});

/** An env for requests that never reach a binding. */
function testEnv(change: Partial<typeof testBindings> = {}): Partial<Env> {
  return { ...testBindings, ...change };
}
