import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from './listener.ts';

let server: Server;
let port: number;
const origins: (string | undefined)[] = [];
const streams: string[] = [];

beforeEach(async () => {
  origins.length = 0;
  streams.length = 0;
  const onSignaling = (_: unknown, origin: string | undefined): void => void origins.push(origin);
  const onStream = (carrier: string): void => void streams.push(carrier);
  const health = () => ({ activeCalls: 3 });
  server = await listen({ host: '127.0.0.1', port: 0, now: Date.now, health, onSignaling, onStream });
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => void server.close());

/** The first line of the answer to a raw upgrade request. */
async function upgrade(path: string): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  return (await text(socket)).split('\r\n')[0];
}

test('GET /healthz answers with the number of calls; anything else says where to go', async () => {
  const healthy = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(await healthy.json()).toEqual({ ok: true, activeCalls: 3 });
  const lost = await fetch(`http://127.0.0.1:${port}/`);
  expect([lost.status, await lost.json()]).toMatchObject([404, { error: { code: 'not-found' } }]);
});

test('a page is handed on with its origin', async () => {
  const page = new WebSocket(`ws://127.0.0.1:${port}/v1/signaling`, { origin: 'https://shop.example' });
  await once(page, 'open');
  expect(origins).toEqual(['https://shop.example']);
  page.terminate();
});

test.each(['twilio', 'telnyx'])('a media stream of %s is handed on', async (carrier) => {
  const stream = new WebSocket(`ws://127.0.0.1:${port}/v1/streams/${carrier}`);
  await once(stream, 'open');
  expect(streams).toEqual([carrier]);
  stream.terminate();
});

test.each(['/v1/streams/', '/v1/streams/nobody', '//', '/', '/v1', '/%', '/v1/signaling/../x', '*'])(
  'an upgrade of %s is refused and harms nobody',
  async (path) => {
    expect(await upgrade(path)).toBe('HTTP/1.1 404 Not Found');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  },
);

test('a client that resets in the middle of an upgrade harms nobody', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  socket.resetAndDestroy();
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test('a taken port is named, with the setting to change', async () => {
  const nothing = () => undefined;
  const again = listen({
    host: '127.0.0.1',
    port,
    now: Date.now,
    health: () => ({}),
    onSignaling: nothing,
    onStream: nothing,
  });
  await expect(again).rejects.toThrow(
    `Cannot open port ${port} on 127.0.0.1: another program uses it. Set PARLEY_SIGNALING_PORT`,
  );
});
