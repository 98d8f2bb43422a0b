import { afterEach, describe, expect, it, vi } from 'vitest';
import { CalComCalendar } from '../../workers/calendars/calcom.ts';
import { ApiDescription, descriptionPath, hasDescription } from '../vendors/api-description.ts';
import { FakeCalCom } from './fake-calcom.ts';
import { entry, range } from './sample-entry.ts';

const file = 'calcom-v2.json';
const description = hasDescription(file)
  ? new ApiDescription().add(descriptionPath(file), '', { overlapping: true })
  : null;

afterEach(() => {
  vi.restoreAllMocks();
});

function setUp() {
  if (description === null) throw new Error('The description is absent.');
  const calcom = new FakeCalCom(description);
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) =>
    calcom.answer(new Request(input instanceof Request ? input : String(input), init)),
  );
  const account = { apiKey: 'cal_test', url: 'https://api.cal.com', eventTypes: { 'roof-inspection': 7 } };
  return { calcom, account, remote: new CalComCalendar(account) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

describe.skipIf(description === null)('CalComCalendar (absent: ../shared/data/openapi)', () => {
  it('makes a booking once, though the answer was lost; moves it and cancels it', async () => {
    const { calcom, remote } = setUp();
    calcom.loseNext = true;
    await expect(remote.put(entry, null)).rejects.toMatchObject({ isPermanent: false });
    const uid = await remote.put(entry, null);
    expect(calcom.live).toMatchObject([{ uid, start: iso(entry.startMs) }]);
    const later = { ...entry, startMs: entry.startMs + 7_200_000, endMs: entry.endMs + 7_200_000 };
    calcom.loseNext = true;
    await expect(remote.put(later, uid)).rejects.toMatchObject({ isPermanent: false });
    const moved = await remote.put(later, uid);
    expect(calcom.live).toMatchObject([{ uid: moved, start: iso(later.startMs), rescheduledFromUid: uid }]);
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: moved, times: [] });
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: moved, times: [] });
    expect(calcom.live).toEqual([]);
    expect(calcom.violations).toEqual([]);
  });

  it('takes out a booking, and one that was moved, whose answer was lost', async () => {
    const { calcom, remote } = setUp();
    const { appointmentId, startMs } = entry;
    calcom.loseNext = true;
    await remote.put(entry, null).catch(() => undefined);
    await remote.remove({ appointmentId, remoteId: null, times: [entry] });
    expect(calcom.live).toEqual([]);
    const remoteId = await remote.put(entry, null);
    const later = { ...entry, startMs: startMs + 7_200_000, endMs: entry.endMs + 7_200_000 };
    calcom.loseNext = true;
    await remote.put(later, remoteId).catch(() => undefined);
    await remote.remove({ appointmentId, remoteId, times: [entry, later] });
    expect(calcom.live).toEqual([]);
    expect(calcom.violations).toEqual([]);
  });

  it('knows what others booked, and follows what was done to its own', async () => {
    const { calcom, remote } = setUp();
    const uid = await remote.put(entry, null);
    const other = calcom.make('2035-03-13T15:00:00.000Z');
    expect((await remote.busy(range)).times).toEqual([
      { startMs: Date.parse(other.start), endMs: Date.parse(other.end) },
    ]);
    const first = await remote.changes(null, range);
    expect(first.changes).toMatchObject([{ state: 'there', remoteId: uid, appointmentId: entry.appointmentId }, {}]);
    const moved = calcom.move(uid, '2035-03-14T15:00:00.000Z');
    const second = await remote.changes(first.cursor, range);
    expect(second.changes).toContainEqual({
      state: 'there',
      remoteId: moved.uid,
      formerId: uid,
      appointmentId: entry.appointmentId,
      startMs: Date.UTC(2035, 2, 14, 15),
      endMs: Date.UTC(2035, 2, 14, 16),
    });
    expect(second.changes.filter(({ state }) => state === 'gone')).toEqual([]);
    calcom.cancel(moved.uid);
    const third = await remote.changes(second.cursor, range);
    expect(third.changes).toContainEqual({ state: 'gone', remoteId: moved.uid });
    expect(calcom.violations).toEqual([]);
  });

  it('says what is wrong: the key, the event types', async () => {
    const { account } = setUp();
    await expect(new CalComCalendar({ ...account, apiKey: 'cal_other' }).busy(range)).rejects.toMatchObject({
      isPermanent: true,
    });
    await expect(new CalComCalendar({ ...account, eventTypes: {} }).put(entry, null)).rejects.toThrow(/no event type/);
  });
});
