import { describe, expect, it } from 'vitest';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { makeCalendar } from '../test/caldav-calendar.ts';
import { CalDavCalendar } from './caldav.ts';
import { CalendarError, type RemoteEntry } from './remote-calendar.ts';

const zone = 'America/Denver';
const at = (date: string, time: string): number => instantOf(date, time, zone);
const range = { fromMs: at('2035-03-01', '00:00'), toMs: at('2035-04-01', '00:00') };

const entry: RemoteEntry = {
  appointmentId: '0191d8b2-0000-4000-8000-000000000001',
  business: 'summit-roofing',
  businessName: 'Summit Roofing',
  serviceName: 'Free roof inspection',
  service: 'roof-inspection',
  startMs: at('2035-03-12', '09:00'),
  endMs: at('2035-03-12', '10:00'),
  status: 'booked',
  sequence: 0,
  changedAtMs: at('2035-03-05', '10:00'),
  notes: 'Leak; north side, <b>& more</b>',
  attendee: { name: 'Ann Müller' },
  timeZone: zone,
};

async function setUp() {
  const calendar = await makeCalendar();
  return { calendar, remote: new CalDavCalendar(calendar.settings, { business: 'summit-roofing', zone }) };
}

describe('CalDavCalendar, with radicale', () => {
  it('writes an appointment, over and over, and takes it out', async () => {
    const { calendar, remote } = await setUp();
    const id = await remote.put(entry, null);
    expect(await remote.put({ ...entry, startMs: entry.startMs + 3_600_000, sequence: 1 }, id)).toBe(id);
    const [file, ...more] = await calendar.files();
    expect(more).toEqual([]);
    expect(await calendar.read(file ?? '')).toContain('DTSTART:20350312T160000Z');
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: id, times: [] });
    await remote.remove({ appointmentId: entry.appointmentId, remoteId: id, times: [] });
    expect(await calendar.files()).toEqual([]);
  });

  it('knows busy times of others, recurring and whole-day ones too, and leaves its own out', async () => {
    const { calendar, remote } = await setUp();
    await remote.put(entry, null);
    await calendar.addEvent([
      'DTSTART;TZID=America/Denver:20350306T120000',
      'DTEND;TZID=America/Denver:20350306T130000',
      'RRULE:FREQ=WEEKLY;COUNT=3',
      'EXDATE;TZID=America/Denver:20350320T120000',
    ]);
    await calendar.addEvent(['DTSTART;VALUE=DATE:20350315', 'DTEND;VALUE=DATE:20350316']);
    await calendar.addEvent(['DTSTART:20350307T170000Z', 'DURATION:PT30M', 'TRANSP:TRANSPARENT']);
    await calendar.addEvent(['DTSTART:20350507T170000Z', 'DURATION:PT30M']);
    const busy = (await remote.busy(range)).times.toSorted((a, b) => a.startMs - b.startMs);
    expect(busy).toEqual([
      { startMs: at('2035-03-06', '12:00'), endMs: at('2035-03-06', '13:00') },
      // The clocks changed on the 11th.
      { startMs: at('2035-03-13', '12:00'), endMs: at('2035-03-13', '13:00') },
      { startMs: at('2035-03-15', '00:00'), endMs: at('2035-03-16', '00:00') },
    ]);
  });

  it('tells what was done to its own: moved, taken out, and nothing twice', async () => {
    const { calendar, remote } = await setUp();
    const id = await remote.put(entry, null);
    const first = await remote.changes(null, range);
    expect(first).toMatchObject({ isWhole: true, changes: [{ state: 'there', remoteId: id, startMs: entry.startMs }] });
    expect((await remote.changes(first.cursor, range)).changes).toEqual([]);
    const [file = ''] = await calendar.files();
    const ics = await calendar.read(file);
    await calendar.write(
      file,
      ics.replace(/DTSTART:.*/, 'DTSTART:20350313T150000Z').replace(/DTEND:.*/, 'DTEND:20350313T160000Z'),
    );
    await calendar.addEvent(['DTSTART:20350307T170000Z', 'DURATION:PT30M']);
    const second = await remote.changes(first.cursor, range);
    expect(second.changes).toEqual([
      {
        state: 'there',
        remoteId: id,
        appointmentId: entry.appointmentId,
        startMs: at('2035-03-13', '09:00'),
        endMs: at('2035-03-13', '10:00'),
      },
    ]);
    await calendar.remove(file);
    const third = await remote.changes(second.cursor, range);
    expect(third).toMatchObject({ isWhole: false, changes: [{ state: 'gone', remoteId: id }] });
  });

  it('begins anew where the server has forgotten the cursor', async () => {
    const { remote } = await setUp();
    const id = await remote.put(entry, null);
    const known = await remote.changes(
      'http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000',
      range,
    );
    expect(known).toMatchObject({ isWhole: true, changes: [{ state: 'there', remoteId: id }] });
  });

  it('says what is wrong: the password, the address, the server', async () => {
    const { calendar } = await setUp();
    const context = { business: 'summit-roofing', zone };
    const wrong = new CalDavCalendar({ ...calendar.settings, password: 'guess' }, context);
    await expect(wrong.busy(range)).rejects.toMatchObject({
      isPermanent: true,
      message: expect.stringContaining('refused the key') as string,
    });
    const nowhere = new CalDavCalendar({ ...calendar.settings, url: `${calendar.settings.url}nothing/here/` }, context);
    await expect(nowhere.busy(range)).rejects.toThrow(CalendarError);
    const down = new CalDavCalendar({ ...calendar.settings, url: 'http://127.0.0.1:9/' }, context);
    await expect(down.busy(range)).rejects.toMatchObject({ isPermanent: false });
  });
});
