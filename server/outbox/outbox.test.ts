import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-outbox-'));
  file = join(folder, 'outbox.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

test("append() numbers a call's events from 0 and keeps them over a restart", () => {
  const first = new Outbox(file, () => 1);
  first.open(callId, 'acme');
  first.append(callId, { type: 'media-connected' }, 10);
  first.append(callId, { type: 'media-restarted', cause: 'x' }, 20);
  first.close();
  const second = new Outbox(file, () => 1);
  expect(second.pending(callId, 10).map(({ seq, atMs }) => [seq, atMs])).toEqual([
    [0, 10],
    [1, 20],
  ]);
  expect(second.append(callId, { type: 'media-connected' }, 30).seq).toBe(2);
  second.close();
});

test('acknowledge() forgets what is safe elsewhere, and the call once it has ended', () => {
  const outbox = new Outbox(file, () => 1);
  outbox.open(callId, 'acme');
  outbox.append(callId, { type: 'media-connected' }, 10);
  outbox.append(callId, { type: 'call-end', reason: 'caller-hang-up', outcome: 'incomplete' }, 20);
  outbox.acknowledge(callId, 1);
  expect(outbox.pending(callId, 10)).toHaveLength(1);
  outbox.acknowledge(callId, 2);
  expect(outbox.calls()).toEqual([]);
  outbox.close();
});

test('closeInterrupted() ends what an earlier process left open, with the outcome so far', () => {
  const outbox = new Outbox(file, () => 99);
  outbox.open(callId, 'acme');
  outbox.setOutcome(callId, 'appointment-booked');
  expect(outbox.closeInterrupted()).toBe(1);
  expect(outbox.pending(callId, 10)).toEqual([
    { seq: 0, atMs: 99, fact: { type: 'call-end', reason: 'interrupted', outcome: 'appointment-booked' } },
  ]);
  expect(outbox.closeInterrupted()).toBe(0);
  outbox.close();
});

test('useToken() lets a token in once, also after a restart', () => {
  const first = new Outbox(file, () => 1);
  expect(first.useToken('a', 60_000)).toBe(true);
  first.close();
  const second = new Outbox(file, () => 2);
  expect(second.useToken('a', 60_000)).toBe(false);
  expect(second.useToken('b', 60_000)).toBe(true);
  second.close();
});

test('append() to a call that was never opened names the call', () => {
  const outbox = new Outbox(file, () => 1);
  expect(() => outbox.append(callId, { type: 'media-connected' }, 1)).toThrow(callId);
  outbox.close();
});
