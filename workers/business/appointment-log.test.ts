import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { ProjectionReport } from '../../contract/projection-check.ts';
import { type Appointment, BookingAnswer } from '../../contract/scheduling.ts';
import { asNode, asStaff, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { testMasterKeys } from '../test/master-keys.ts';
import { turnBack } from '../test/older-storage.ts';
import type { Business } from './business.ts';
import { migrate } from './migrate.ts';

const hourMs = 3_600_000;
const service = 'roof-inspection';
const startMs = mondayMs + 24 * hourMs;
const attendee = { name: 'Ann Miller', phone: '+13035550123' };

type Set = Awaited<ReturnType<typeof setUpBusiness>>;

const asks = async (path: string, body: Record<string, unknown>): Promise<unknown> =>
  (await request('POST', `/v1/node/${path}`, { headers: asNode, body })).json();

async function book({ business }: Set, at = startMs, callId = crypto.randomUUID()): Promise<Appointment | null> {
  const body = { business, callId, requestId: crypto.randomUUID(), service, startMs: at, attendee };
  const answer = v.parse(BookingAnswer, await asks('bookings', body));
  return answer.status === 'booked' ? answer.appointment : null;
}

/** As staff write a time; a refusal has no id. */
async function staffAsk({ business }: Set, below: string, at: number, body = {}): Promise<string[]> {
  const response = await request('POST', `/v1/businesses/${business}/appointments${below}`, {
    headers: asStaff,
    body: { at: `${new Date(at).toISOString().slice(0, 16)}Z`, ...body },
  });
  const { id } = v.parse(v.object({ id: v.optional(v.string()) }), await response.json());
  return id === undefined ? [] : [id];
}

async function projections({ business }: Set, mode: 'check' | 'rebuild') {
  const body = { mode };
  const response = await request('POST', `/v1/businesses/${business}/projections`, { headers: asStaff, body });
  return v.parse(ProjectionReport, await response.json());
}

const differences = async (set: Set): Promise<unknown> => (await projections(set, 'check')).differences;

const execute = async ({ stub }: Set, ...statements: string[]): Promise<void> =>
  runInDurableObject(stub, (_: Business, { storage }) => statements.forEach((one) => void storage.sql.exec(one)));

const rows = async ({ stub }: Set, table: string) =>
  runInDurableObject(stub, (_: Business, { storage }) => storage.sql.exec(`SELECT * FROM ${table}`).toArray());

describe('the log of appointments', () => {
  it('gives exactly the appointments and holds there are, whatever callers and staff did', async () => {
    const call = fc.constantFrom(...Array.from({ length: 4 }, (_, n) => `0191d8b2-0000-4000-8000-00000000000${n}`));
    const hour = fc.integer({ min: 0, max: 5 });
    const step = fc.record({
      what: fc.constantFrom('hold', 'book', 'move', 'cancel', 'confirm', 'wait', 'staff', 'staff-move', 'staff-cancel'),
      call,
      hour,
      which: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const set = await setUpBusiness();
        const { business } = set;
        const made: string[] = [];
        let nowMs = mondayMs;
        for (const [nth, { what, call: callId, hour: hours, which }] of steps.entries()) {
          const at = startMs + hours * hourMs;
          const change = { business, callId, requestId: `r${nth}`, appointmentId: made[which % made.length] };
          if (what === 'wait') await set.setClock((nowMs += 60_000));
          else if (what === 'hold') await asks('holds', { business, callId, service, startMs: at });
          else if (what === 'book') made.push(...[(await book(set, at, callId))?.id ?? []].flat());
          else if (what === 'staff') made.push(...(await staffAsk(set, '', at, { service, attendee })));
          else if (made.length === 0) continue;
          else if (what === 'staff-move' || what === 'staff-cancel') {
            await staffAsk(set, `/${change.appointmentId}/${what.slice('staff-'.length)}`, at);
          } else await asks(`appointments/${what}`, { ...change, startMs: at });
        }
        const before = [await rows(set, 'appointments'), await rows(set, 'holds')];
        expect(await differences(set)).toEqual([]);
        await projections(set, 'rebuild');
        expect([await rows(set, 'appointments'), await rows(set, 'holds')]).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('shows what was changed past it, and takes it back', async () => {
    const set = await setUpBusiness();
    const booked = await book(set);
    await execute(
      set,
      `UPDATE appointments SET start_ms = start_ms + 1`,
      "INSERT INTO holds VALUES ('x', 's', NULL, 1, 2, 3)",
    );
    expect(await differences(set)).toEqual([
      { table: 'appointments', missing: 1, unexplained: 1 },
      { table: 'holds', missing: 0, unexplained: 1 },
    ]);
    await projections(set, 'rebuild');
    expect(await rows(set, 'appointments')).toMatchObject([{ id: booked?.id, start_ms: startMs }]);
    expect(await differences(set)).toEqual([]);
  });

  it('makes appointments again that are lost, with whom they are for', async () => {
    const set = await setUpBusiness();
    await book(set);
    const before = await rows(set, 'appointments');
    await execute(set, 'DROP TRIGGER appointment_forgotten', 'DELETE FROM appointments');
    await projections(set, 'rebuild');
    expect(await rows(set, 'appointments')).toEqual(before);
  });

  it('forgets whom an appointment was for, and a whole one, with it', async () => {
    const set = await setUpBusiness();
    await book(set);
    await book(set, startMs + 3 * hourMs);
    await execute(
      set,
      "UPDATE appointments SET attendee = '{}', notes = NULL",
      `DELETE FROM appointments WHERE start_ms = ${startMs}`,
    );
    expect(await rows(set, 'appointment_log')).toMatchObject([{ attendee: '{}', notes: null }]);
    expect(await differences(set)).toEqual([]);
  });

  it('begins, in a business that is older, with what stands there', async () => {
    const set = await setUpBusiness();
    const kept = await book(set);
    await book(set, startMs + 3 * hourMs);
    const body = { business: set.business, callId: crypto.randomUUID(), requestId: 'r', appointmentId: kept?.id };
    await asks('appointments/move', { ...body, startMs: startMs + hourMs });
    await asks('holds', {
      business: set.business,
      callId: crypto.randomUUID(),
      service,
      startMs: startMs + 5 * hourMs,
    });
    const before = [await rows(set, 'appointments'), await rows(set, 'holds')];
    await runInDurableObject(set.stub, (_: Business, { storage }) => {
      turnBack(storage, beforeTheLog);
      migrate(storage, testMasterKeys, mondayMs);
    });
    expect(await differences(set)).toEqual([]);
    await projections(set, 'rebuild');
    expect([await rows(set, 'appointments'), await rows(set, 'holds')]).toEqual(before);
  });
});

/** The version of the storage that had no log of appointments yet. */
const beforeTheLog = 16;
