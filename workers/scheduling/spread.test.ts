import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, wallClock } from '../../dialogue/calendar/local-time.ts';
import { spreadSlots } from './spread.ts';

const zone = 'America/Denver';
const slot = (date: string, time: string) => ({
  startMs: instantOf(date, time, zone),
  endMs: instantOf(date, time, zone) + 3_600_000,
});
const show = ({ startMs }: { startMs: number }): string => {
  const { date, time } = wallClock(startMs, zone);
  return `${date} ${time}`;
};
const hours = ['09:00', '09:30', '10:00', '11:30', '13:00', '15:00'];

describe('spreadSlots', () => {
  it('goes over days and halves of days, the earliest first', () => {
    const slots = ['2035-03-05', '2035-03-06', '2035-03-07'].flatMap((date) => hours.map((time) => slot(date, time)));
    expect(spreadSlots(slots, 3, zone).map(show)).toEqual(['2035-03-05 09:00', '2035-03-06 13:00', '2035-03-07 09:00']);
  });

  it('spreads over the only day there is', () => {
    const slots = hours.map((time) => slot('2035-03-05', time));
    expect(spreadSlots(slots, 3, zone).map(show)).toEqual(['2035-03-05 09:00', '2035-03-05 13:00', '2035-03-05 15:00']);
  });

  it('begins with the slot it is given', () => {
    const slots = hours.map((time) => slot('2035-03-05', time));
    expect(spreadSlots(slots, 1, zone, slots[4]).map(show)).toEqual(['2035-03-05 13:00']);
  });

  it('answers with what there is', () => {
    expect(spreadSlots([], 3, zone)).toEqual([]);
    expect(spreadSlots([slot('2035-03-05', '09:00')], 3, zone)).toHaveLength(1);
  });

  it('gives different slots of those it had, in order, as many as it can', () => {
    const some = fc
      .uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 40 })
      .map((list) =>
        list.sort((a, b) => a - b).map((n) => ({ startMs: 2e12 + n * 1_800_000, endMs: 2e12 + n * 1_800_000 + 1 })),
      );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 20 }), (slots, count) => {
        const chosen = spreadSlots(slots, count, zone);
        expect(chosen).toHaveLength(Math.min(count, slots.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.every((one) => slots.includes(one))).toBe(true);
        expect(chosen.map((one) => one.startMs)).toEqual(chosen.map((one) => one.startMs).sort((a, b) => a - b));
      }),
    );
  });
});
