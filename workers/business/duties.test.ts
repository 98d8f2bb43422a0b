import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { NoticeList } from '../../contract/notice.ts';
import { RemovalList } from '../../contract/privacy.ts';
import { asStaff, callRecord, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { callStart, inOrder, postEvents, said } from '../test/events.ts';
import { callOfPhilippa } from '../test/full-call.ts';
import { Alarm } from './alarm.ts';
import type { Business } from './business.ts';
import { doDuties, type Duties } from './duties.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

afterEach(() => {
  vi.restoreAllMocks();
});

async function askStaff<const S extends v.GenericSchema>(business: string, path: string, schema: S) {
  const answer = await request('GET', `/v1/businesses/${business}/${path}`, { headers: asStaff });
  return v.parse(schema, await answer.json());
}

/** A call whose sound and words are kept for a day, and a bucket that deletes nothing until it is told to. */
async function withBucketAway() {
  const set = await setUpBusiness();
  const { business, bundle, stub } = set;
  const all = { transcripts: 1, recordings: 1, contacts: null, events: null, deliveries: null, inbox: null };
  await request('PUT', `/v1/businesses/${business}/retention`, { headers: asStaff, body: { all } });
  const callId = await callOfPhilippa(business, bundle.hash);
  await env.RECORDINGS.put(`recordings/${business}/${callId}/0`, 'sound');
  await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    sql.exec('INSERT INTO recording_parts VALUES (?, 0, 5, 10000, 1, ?)', callId, mondayMs);
  });
  const prototype: R2Bucket = Object.getPrototypeOf(env.RECORDINGS);
  const remove = vi.spyOn(prototype, 'delete').mockRejectedValue(new Error('internal error (10001)'));
  const sound = async () => (await env.RECORDINGS.list({ prefix: `recordings/${business}/` })).objects.length;
  const ring = async (atMs: number): Promise<void> => {
    await set.setClock(atMs);
    await runDurableObjectAlarm(stub);
  };
  return { ...set, callId, remove, sound, ring };
}

describe('the alarm, when the bucket of recordings is away', () => {
  it('does all else, writes down what it removed, and removes the rest when the bucket is back', async () => {
    const { business, bundle, stub, setClock, callId, remove, sound, ring } = await withBucketAway();
    const atMs = mondayMs + 2 * dayMs;
    const silent = crypto.randomUUID();
    await setClock(atMs - 60_000);
    await postEvents(business, silent, inOrder([callStart(bundle.hash), said('hello')]));
    await ring(atMs);
    expect((await callRecord(business, silent)).summary.endReason).toBe('interrupted');
    const { removals } = await askStaff(business, 'removals', RemovalList);
    // Of both calls: their events are of Monday.
    expect(removals).toMatchObject([{ kind: 'retention', removed: { transcripts: 2 } }]);
    // Nobody hears it any more, though it is still there, and it alone is tried again.
    expect((await callRecord(business, callId)).recording).toBeUndefined();
    expect(await sound()).toBe(1);
    expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).toBeLessThanOrEqual(atMs + 2_000);
    await ring(atMs + 1_000);
    expect(remove).toHaveBeenCalledTimes(1);
    remove.mockRestore();
    await ring(atMs + 2_000 + 60_000);
    expect(await sound()).toBe(0);
    const after = await askStaff(business, 'removals', RemovalList);
    expect(after.removals.map(({ removed }) => removed)).toContainEqual({ recordings: 1 });
    expect(await askStaff(business, 'notices', NoticeList)).toEqual({ notices: [] });
  });

  it('tells the owner when it has been so for hours, once', async () => {
    const { business, ring } = await withBucketAway();
    for (const hours of [0, 1, 5]) await ring(mondayMs + 2 * dayMs + hours * hourMs);
    expect(await askStaff(business, 'notices', NoticeList)).toEqual({ notices: [] });
    for (const hours of [7, 8]) await ring(mondayMs + 2 * dayMs + hours * hourMs);
    const { notices } = await askStaff(business, 'notices', NoticeList);
    expect(notices).toMatchObject([
      { kind: 'duty-failing', text: expect.stringContaining('The bucket of recordings') },
    ]);
    expect(notices[0]?.text).toMatch(/since 2035-03-07 17:00 UTC.*internal error \(10001\)/);
  });
});

describe('doDuties', () => {
  it('does each, whichever fails, and repeats only what failed, later and later', async () => {
    const { stub } = await setUpBusiness();
    const done = await runInDurableObject(stub, async (_: Business, { storage }) => {
      const counts: Record<string, number> = {};
      const count = (name: string): void => {
        counts[name] = (counts[name] ?? 0) + 1;
      };
      const fail = (name: string): never => {
        count(name);
        throw new Error(`${name} is broken`);
      };
      const duties: Duties = {
        calls: () => fail('calls'),
        sealing: () => count('sealing'),
        erasures: () => Promise.reject(new Error('away')).finally(() => count('erasures')),
        retention: () => count('retention'),
        dials: () => count('dials'),
        deliveries: () => count('deliveries'),
        calendars: () => count('calendars'),
        webhooks: () => count('webhooks'),
      };
      const alarm = new Alarm(storage);
      let nowMs = mondayMs;
      const rings: unknown[] = [];
      for (const waitMs of [0, 1_000, 1_000, 2_000, 2_000]) {
        nowMs += waitMs;
        alarm.rang();
        await doDuties(duties, { sql: storage.sql, alarm, now: () => nowMs });
        rings.push([
          counts['calls'],
          counts['erasures'],
          counts['webhooks'],
          ((await storage.getAlarm()) ?? 0) - mondayMs,
        ]);
      }
      return rings;
    });
    expect(done).toEqual([
      [1, 1, 1, 2_000],
      [1, 1, 2, 2_000],
      [2, 2, 3, 6_000],
      [2, 2, 4, 6_000],
      [3, 3, 5, 14_000],
    ]);
  });
});
