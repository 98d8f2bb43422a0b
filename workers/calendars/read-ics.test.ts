import { describe, expect, it } from 'vitest';
import { readIcs } from './read-ics.ts';

const dayMs = Date.UTC(2035, 2, 6);
const range = { fromMs: dayMs, toMs: dayMs + 86_400_000 };
const hour = (hours: number): number => dayMs + hours * 3_600_000;

const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', 'UID:a@x', 'SUMMARY:Dentist', ...lines, 'END:VEVENT'].join('\r\n');
const read = (...events: string[]) =>
  readIcs(['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n'), range, 'UTC');
const from9 = 'DTSTART:20350306T090000Z';
const to11 = 'DTEND:20350306T110000Z';

describe('readIcs, of an event that cannot be read', () => {
  it.each([
    ['a repetition that does not exist', [from9, to11, 'RRULE:FREQ=SOMETIMES'], 11],
    ['a day that does not exist in its repetition', [from9, to11, 'RRULE:FREQ=WEEKLY;BYDAY=XX'], 11],
    ['a date that is none among its dates', [from9, to11, 'RDATE:zz'], 11],
    ['an end that is none', [from9, 'DTEND:soon'], 10],
    ['a length that is none', [from9, 'DURATION:soon'], 10],
    ['a line that is none', [from9, to11, 'nonsense'], 11],
    [
      'a folded line, and an alarm with times of its own',
      [from9, 'DTEND:2035030', ' 6T110000Z', 'RRULE:FREQ=SOMETIMES', 'BEGIN:VALARM', 'DURATION:PT9H', 'END:VALARM'],
      11,
    ],
  ])('counts it as busy for as long as it seems to last, and says so: %s', (_, lines, toHour) => {
    const { occurrences, faults } = read(event(...lines));
    expect(occurrences).toEqual([{ uid: 'a@x', startMs: hour(9), endMs: hour(toHour), isBusy: true }]);
    expect(faults).toEqual([expect.stringMatching(/^Dentist: /)]);
  });

  it('takes a day without an end as a day', () => {
    const { occurrences } = read(event('DTSTART;VALUE=DATE:20350306', 'RRULE:FREQ=SOMETIMES'));
    expect(occurrences).toMatchObject([{ startMs: hour(0), endMs: hour(24) }]);
  });

  it('leaves free what is marked so, and guesses nothing where there is no start', () => {
    expect(read(event(from9, to11, 'RRULE:FREQ=SOMETIMES', 'TRANSP:TRANSPARENT')).occurrences).toMatchObject([
      { isBusy: false },
    ]);
    expect(read(event('DTSTART:tomorrow'))).toMatchObject({
      occurrences: [],
      faults: [/* told all the same */ expect.any(String)],
    });
  });

  it('reads the others all the same', () => {
    const other = event('DTSTART:20350306T140000Z', 'DURATION:PT1H').replace('a@x', 'b@x');
    expect(read(event(from9, 'DTEND:soon'), other).occurrences.map(({ startMs }) => startMs)).toEqual([
      hour(9),
      hour(14),
    ]);
    expect(read(event(from9, 'nonsense'), other).occurrences.map(({ startMs }) => startMs)).toEqual([
      hour(9),
      hour(14),
    ]);
  });

  it('ends, whatever there is', () => {
    const { faults } = read(`${'BEGIN:VEVENT\r\n'.repeat(20_000)}${from9}\r\nnonsense`);
    expect(faults).toHaveLength(1);
  });
});
