import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import type { CallBack } from '../../contract/call-back.ts';
import type { Layout } from '../call/layout.ts';
import { standIn } from '../command/stand-in.ts';
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
let made: CallBack | undefined;

const { source } = standIn(({ path, body }) => {
  if (path === 'GET call-backs?done=false') return { body: { callBacks: made ? [] : [open] } };
  if (path === 'GET call-backs?done=true') return { body: { callBacks: made ? [made] : [] } };
  if (path !== `POST call-backs/${callId}/done`) return undefined;
  made = { ...open, done: { atMs: dueMs, by: v.parse(v.object({ by: v.string() }), body).by } };
  return { body: made };
});

beforeEach(() => {
  made = undefined;
});

test('open call backs are listed, and gone once they are done', async () => {
  expect((await fetchCallBacks(source(), false)).callBacks).toEqual([open]);
  expect((await markDone(source(), callId, 'Dana')).done).toEqual({ atMs: dueMs, by: 'Dana' });
  expect((await fetchCallBacks(source(), false)).callBacks).toEqual([]);
  expect((await fetchCallBacks(source(), true)).callBacks).toHaveLength(1);
});

test('a call without a promise, and what is no id, are named', async () => {
  const unknown = callId.replace('0193', '0194');
  await expect(markDone(source(), unknown, 'Dana')).rejects.toThrow(`promised no call back in call "${unknown}"`);
  await expect(markDone(source(), '../playbook', 'Dana')).rejects.toThrow('"../playbook"');
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
