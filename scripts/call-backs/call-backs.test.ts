import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallBack } from '../../contract/call-back.ts';
import type { Layout } from '../call/layout.ts';
import type { RecordSource } from '../call/records.ts';
import { fetchCallBacks, formatCallBacks, markDone } from './call-backs.ts';

const callId = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const dueMs = Date.UTC(2026, 10, 24, 17);
const open: CallBack = {
  callId,
  reason: 'The caller asked to talk to a person',
  owner: { id: 'dana', name: 'Dana' },
  promisedAtMs: dueMs - 86_400_000,
  dueMs,
  name: 'Ann Miller',
  phone: '+13035550123',
  email: null,
  done: null,
};
const layout: Layout = { paint: (tone, text) => `<${tone}>${text}`, width: 100, timeZone: 'UTC' };
let source: RecordSource;
let made: CallBack | undefined;

const server = createServer((request, response) => {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const path = `${request.method} ${request.url?.replace('/v1/businesses/ridgeline-roofing/', '')}`;
  if (path === 'GET call-backs?done=false') answer(200, { callBacks: made ? [] : [open] });
  else if (path === 'GET call-backs?done=true') answer(200, { callBacks: made ? [made] : [] });
  else if (path === `POST call-backs/${callId}/done`) {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const { by }: { by: string } = JSON.parse(text);
      made = { ...open, done: { atMs: dueMs, by } };
      answer(200, made);
    });
  } else answer(404, {});
});

beforeEach(async () => {
  made = undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  source = { controlUrl: `http://127.0.0.1:${port}`, staffKey: 'staff-key-of-the-test', business: 'ridgeline-roofing' };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

test('open call backs are listed, and gone once they are done', async () => {
  expect((await fetchCallBacks(source, false)).callBacks).toEqual([open]);
  expect((await markDone(source, callId, 'Dana')).done).toEqual({ atMs: dueMs, by: 'Dana' });
  expect((await fetchCallBacks(source, false)).callBacks).toEqual([]);
  expect((await fetchCallBacks(source, true)).callBacks).toHaveLength(1);
});

test('a call without a promise, and what is no id, are named', async () => {
  const unknown = callId.replace('0193', '0194');
  await expect(markDone(source, unknown, 'Dana')).rejects.toThrow(`promised no call back in call "${unknown}"`);
  await expect(markDone(source, '../playbook', 'Dana')).rejects.toThrow('"../playbook"');
});

test('a line says when, by whom, to whom and why; a late one is red', () => {
  const line = (callBack: CallBack, nowMs: number): string => formatCallBacks([callBack], layout, nowMs);
  const rest = 'Dana  Ann Miller +13035550123  The caller asked to talk to a person\n';
  expect(line(open, dueMs)).toBe(`${callId}  <yellow>due 2026-11-24 17:00  ${rest}`);
  expect(line(open, dueMs + 1)).toBe(`${callId}  <red>due 2026-11-24 17:00, late  ${rest}`);
  expect(line({ ...open, dueMs: null, owner: null, name: null, phone: null }, dueMs)).toBe(
    `${callId}  <yellow>no time named  nobody in particular  The caller asked to talk to a person\n`,
  );
  expect(line({ ...open, done: { atMs: dueMs, by: 'Luis' } }, dueMs + 1)).toContain('done 2026-11-24 17:00  by Luis  ');
});
