import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStart, writeStart } from './read-start.ts';

const denver = 'America/Denver';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const quarterMs = hourMs / 4;

/** Half an hour of daylight saving, two hours, changes at midnight, in the south, for Ramadan, and none. */
const zones = [
  denver,
  'Europe/London',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kolkata',
];

describe('readStart', () => {
  it('reads a time of the business, and one with an offset', () => {
    const startMs = Date.UTC(2035, 2, 12, 15, 30);
    for (const text of [
      '2035-03-12T09:30',
      '2035-03-12T09:30:00',
      '2035-03-12T15:30Z',
      '2035-03-12T09:30-06:00',
      '2035-03-12T16:30+01:00',
    ])
      expect(readStart(text, denver)).toEqual({ kind: 'instant', startMs });
  });

  it('says when clocks go on, and both times that clocks show twice', () => {
    const next = readStart('2035-03-11T02:30', denver);
    expect(next).toEqual({ kind: 'skipped', nextMs: Date.UTC(2035, 2, 11, 9) });
    expect(writeStart(Date.UTC(2035, 2, 11, 9), denver)).toBe('2035-03-11T03:00-06:00');
    const first = Date.UTC(2035, 10, 4, 7, 30);
    expect(readStart('2035-11-04T01:30', denver)).toEqual({
      kind: 'repeated',
      firstMs: first,
      secondMs: first + hourMs,
    });
    expect(readStart('2035-11-04T01:30-07:00', denver)).toEqual({ kind: 'instant', startMs: first + hourMs });
  });

  it.each([
    '2035-02-29T10:00',
    '2035-13-01T10:00',
    '2035-03-12T24:00',
    '2035-03-12T10:60',
    '2035-03-12T10:00+15:00',
    '2035-03-12T10:00-07:60',
    '0000-00-00T00:00',
    'tomorrow',
  ])('knows no %s', (text) => {
    expect(readStart(text, denver)).toEqual({ kind: 'no-time' });
  });
});

/** What a clock on the wall shows, by the engine's own calendar. */
function clock(zone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return (ms) => format.format(ms).replace(' ', 'T');
}

/** The days of 2035 before clocks change, and one when they do not. */
function days(zone: string): number[] {
  const show = clock(zone);
  const noons = Array.from({ length: 365 }, (_, day) => Date.UTC(2035, 0, 1, 12) + day * dayMs);
  const changes = noons.filter((ms) => show(ms).slice(11) !== show(ms + dayMs).slice(11));
  return [...changes, Date.UTC(2035, 5, 15, 12)];
}

describe('readStart, whatever the zone', () => {
  const instants = new Map<string, number[]>();
  const settings = zones.flatMap((zone) => days(zone).map((noonMs) => ({ zone, noonMs })));
  for (const { zone, noonMs } of settings) {
    const show = clock(zone);
    for (let ms = noonMs - 2 * dayMs; ms < noonMs + 3 * dayMs; ms += quarterMs) {
      const key = `${zone} ${show(ms)}`;
      instants.set(key, [...new Set([...(instants.get(key) ?? []), ms])]);
    }
  }
  const day = fc.record({ setting: fc.constantFrom(...settings), quarter: fc.nat(2 * 96 - 1) });

  it('finds each instant at which its clocks show a time, and no other', () => {
    const seen = new Set<string>();
    for (const { zone, noonMs } of settings) {
      for (let quarter = 0; quarter < 2 * 96; quarter += 1) {
        // Of the day before the change and the day of it, every quarter of an hour that could be written.
        const text = new Date(Math.floor(noonMs / dayMs) * dayMs + quarter * quarterMs).toISOString().slice(0, 16);
        const showing = instants.get(`${zone} ${text}`) ?? [];
        const start = readStart(text, zone);
        seen.add(start.kind);
        if (start.kind === 'skipped') {
          expect(showing).toEqual([]);
          // The first instant whose clock shows more than was asked.
          expect(clock(zone)(start.nextMs) > text).toBe(true);
          expect(clock(zone)(start.nextMs - quarterMs) < text).toBe(true);
        } else if (start.kind === 'repeated') expect(showing).toEqual([start.firstMs, start.secondMs]);
        else expect(start).toEqual({ kind: 'instant', startMs: showing[0] });
      }
    }
    expect([...seen].toSorted((a, b) => a.localeCompare(b))).toEqual(['instant', 'repeated', 'skipped']);
  });

  it('reads what writeStart writes', () => {
    fc.assert(
      fc.property(day, ({ setting: { zone, noonMs }, quarter }) => {
        const startMs = noonMs + quarter * quarterMs;
        expect(readStart(writeStart(startMs, zone), 'UTC')).toEqual({ kind: 'instant', startMs });
        expect(writeStart(startMs, zone).slice(0, 16)).toBe(clock(zone)(startMs));
      }),
      { numRuns: 200 },
    );
  });

  it('takes an offset at its word, and nothing but times', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.constantFrom(...zones), (text, zone) => {
        expect(readStart(text, zone).kind).toBe('no-time');
      }),
      { numRuns: 200 },
    );
  });
});
