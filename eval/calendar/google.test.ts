import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GoogleCalendar } from '../../workers/calendars/google.ts';
import { CalendarError } from '../../workers/calendars/remote-calendar.ts';
import { Discovery } from './discovery.ts';
import { FakeGoogle, type GoogleEvent } from './fake-google.ts';
import { entry, range } from './sample-entry.ts';

const document = new URL('../../../shared/data/openapi/calendar.v3.discovery.json', import.meta.url);

afterEach(() => {
  vi.restoreAllMocks();
});

function setUp() {
  const google = new FakeGoogle(new Discovery(document.pathname));
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) =>
    google.answer(new Request(input instanceof Request ? input : String(input), init)),
  );
  const account = {
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: crypto.randomUUID(),
    calendarId: 'office@summit.example',
    busyCalendarIds: [] as string[],
  };
  const context = { business: 'summit-roofing', zone: 'America/Denver' };
  return { google, account, remote: new GoogleCalendar(account, context), context };
}

const mine = (id: string, start: string, end: string, more: Partial<GoogleEvent> = {}): GoogleEvent => ({
  id,
  start: { dateTime: start },
  end: { dateTime: end },
  ...more,
});
const ourId = entry.appointmentId.replaceAll('-', '');

describe.skipIf(!existsSync(document))('GoogleCalendar (absent: ../shared/data/openapi)', () => {
  it('writes an appointment once, whatever answer was lost, moves it and takes it out', async () => {
    const { google, remote } = setUp();
    expect(await remote.put(entry, null)).toBe(ourId);
    expect(await remote.put(entry, null)).toBe(ourId);
    expect(await remote.put({ ...entry, startMs: entry.startMs + 3_600_000 }, ourId)).toBe(ourId);
    expect([...google.events.values()]).toMatchObject([
      { event: { summary: 'Free roof inspection - Ann Müller', start: { dateTime: '2035-03-12T16:00:00.000Z' } } },
    ]);
    // Also where nobody knows whether it was ever written.
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: null, times: [entry] });
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: ourId, times: [] });
    expect(google.events.get(ourId)?.event.status).toBe('cancelled');
    // One that was taken out comes back under its id.
    expect(await remote.put(entry, null)).toBe(ourId);
    expect(google.events.get(ourId)?.event.status).toBe('confirmed');
    expect(google.violations).toEqual([]);
  });

  it('knows busy times: not its own, not what is free, declined or a place of work; those of other calendars too', async () => {
    const { google, account, context } = setUp();
    const remote = new GoogleCalendar({ ...account, busyCalendarIds: ['dana@summit.example'] }, context);
    await remote.put(entry, null);
    const ten = ['2035-03-13T10:00:00-06:00', '2035-03-13T11:00:00-06:00'] as const;
    google.set(mine('a', ...ten));
    google.set(mine('b', ...ten, { transparency: 'transparent' }));
    google.set(mine('c', ...ten, { attendees: [{ self: true, responseStatus: 'declined' }] }));
    google.set(mine('d', ...ten, { eventType: 'workingLocation' }));
    google.set({ id: 'e', start: { date: '2035-03-15' }, end: { date: '2035-03-16' } });
    google.busyElsewhere['dana@summit.example'] = {
      busy: [{ start: '2035-03-14T15:00:00Z', end: '2035-03-14T16:00:00Z' }],
    };
    // Without an end: for an hour, and its owner is told.
    google.set({ id: 'f', summary: 'Dentist', start: { dateTime: '2035-03-16T10:00:00-06:00' }, end: {} });
    const { times, unread } = await remote.busy(range);
    expect(unread).toEqual(['Dentist: it has no start or no end that can be read.']);
    expect(times).toEqual([
      { startMs: Date.UTC(2035, 2, 13, 16), endMs: Date.UTC(2035, 2, 13, 17) },
      // The whole day in Denver.
      { startMs: Date.UTC(2035, 2, 15, 6), endMs: Date.UTC(2035, 2, 16, 6) },
      { startMs: Date.UTC(2035, 2, 16, 16), endMs: Date.UTC(2035, 2, 16, 17) },
      { startMs: Date.UTC(2035, 2, 14, 15), endMs: Date.UTC(2035, 2, 14, 16) },
    ]);
    // 200, with an error in it: such a calendar must not seem free.
    google.busyElsewhere['dana@summit.example'] = { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
    await expect(remote.busy(range)).rejects.toThrow(/dana@summit.example: notFound/);
    expect(google.violations).toEqual([]);
  });

  it('tells what was done to its own, page by page, and begins anew when the token is forgotten', async () => {
    const { google, remote } = setUp();
    await remote.put(entry, null);
    const first = await remote.changes(null, range);
    expect(first).toMatchObject({
      isWhole: true,
      changes: [{ state: 'there', remoteId: ourId, startMs: entry.startMs }],
    });
    const moved = google.events.get(ourId)?.event;
    if (moved === undefined) throw new Error('The event is not there.');
    for (const id of ['x', 'y', 'z']) google.set(mine(id, '2035-03-13T10:00:00Z', '2035-03-13T11:00:00Z'));
    google.set({ ...moved, ...mine(ourId, '2035-03-13T15:00:00Z', '2035-03-13T16:00:00Z') });
    const second = await remote.changes(first.cursor, range);
    expect(second).toMatchObject({ isWhole: false, changes: [{ state: 'there', startMs: Date.UTC(2035, 2, 13, 15) }] });
    google.set({ ...moved, status: 'cancelled' });
    const third = await remote.changes(second.cursor, range);
    expect(third.changes).toEqual([{ state: 'gone', remoteId: ourId }]);
    google.forgottenBefore = Number.MAX_SAFE_INTEGER;
    expect(await remote.changes(third.cursor, range)).toMatchObject({ isWhole: true, changes: [] });
    expect(google.violations).toEqual([]);
  });

  it('gives up, and does not ask for ever, where it is told that it is gone', async () => {
    const { google, remote } = setUp();
    google.isGone = true;
    await expect(remote.changes(null, range)).rejects.toMatchObject({ isPermanent: false });
    await expect(remote.changes('a token', range)).rejects.toThrow(CalendarError);
  });

  it('renews a token that ran out, and says when it may not', async () => {
    const { google, remote } = setUp();
    await remote.busy(range);
    google.accessToken = 'another';
    await remote.busy(range);
    expect(google.requests.filter((request) => request.includes('/token'))).toHaveLength(2);
    google.accessToken = 'yet another';
    google.refreshable = false;
    await expect(remote.busy(range)).rejects.toMatchObject({
      isPermanent: true,
      message: expect.stringMatching(/expired or revoked[^]*Connect Google Calendar again/) as string,
    });
  });
});
