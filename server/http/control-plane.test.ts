import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ControlPlane, ControlPlaneError } from './control-plane.ts';

let server: ServerType | undefined;
afterEach(() => void server?.close());

/** What asking a control plane comes to that answers everything in this way. */
async function asked(answer: () => Response): Promise<unknown> {
  const port = await new Promise<number>((resolve) => {
    server = serve({ port: 0, hostname: '127.0.0.1', fetch: answer }, (info: AddressInfo) => resolve(info.port));
  });
  const controlPlane = new ControlPlane({ url: `http://127.0.0.1:${port}`, nodeKey: 'key' });
  return controlPlane.sendEvents('call', { business: 'acme', events: [] }).catch((error: unknown) => error);
}

test.each([
  [400, 'never'],
  [409, 'never'],
  [413, 'never'],
  [422, 'never'],
  [401, 'later'],
  [403, 'later'],
  [404, 'later'],
  [408, 'later'],
  [429, 'at-once'],
  [500, 'at-once'],
  [503, 'at-once'],
])('an answer of %i is worth another try: %s', async (status, retry) => {
  const error = await asked(() => Response.json({}, { status }));
  expect(error).toBeInstanceOf(ControlPlaneError);
  expect(error).toMatchObject({ retry });
});

test('an answer of something else that sits at its address is worth another try later', async () => {
  expect(await asked(() => new Response('<h1>Under maintenance</h1>'))).toMatchObject({ retry: 'later' });
});
