import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchedulingRules, Slot, SlotPreference, Weekday } from '../../contract/scheduling.ts';
import { denverRules } from '../test/playbook.ts';
import { fits, type Service, type Taken } from './capacity.ts';
import { freeSlots, type SlotSearch } from './free-slots.ts';
import { addDays, instantOf, wallClock } from '../../dialogue/calendar/local-time.ts';

const minuteMs = 60_000;
const zone = 'America/Denver';
const at = (date: string, time: string): number => instantOf(date, time, zone);

/** Around the clock, every day: what is left is daylight saving alone. */
const allDay: SchedulingRules = {
  timeZone: zone,
  openingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }],
  closedOn: [],
  services: [{ id: 'visit', name: 'Visit', durationMin: 30, bufferMin: 0, leadTimeMin: 0, capacity: 1, stepMin: 30 }],
};

function search(change: Partial<SlotSearch> & { rules?: SchedulingRules }): Slot[] {
  const rules = change.rules ?? denverRules;
  const [service] = rules.services;
  if (service === undefined) throw new Error('The rules of a test must have a service.');
  return freeSlots({
    rules,
    service,
    taken: [],
    preference: {},
    nowMs: at('2035-03-05', '10:00'),
    maxDays: 100,
    ...change,
  });
}

const times = (slots: Slot[], date: string): string[] =>
  slots.map(({ startMs }) => wallClock(startMs, zone)).flatMap((clock) => (clock.date === date ? [clock.time] : []));

describe('freeSlots', () => {
  it('begins after the lead time and ends with the opening', () => {
    const today = times(search({}), '2035-03-05');
    expect(today[0]).toBe('12:00');
    expect(today.at(-1)).toBe('16:00');
  });

  it('leaves out closed days and days without opening hours', () => {
    const slots = search({ nowMs: at('2035-12-20', '10:00') });
    expect(times(slots, '2035-12-25')).toEqual([]);
    expect(times(slots, '2035-12-23')).toEqual([]);
    expect(times(slots, '2035-12-24')).not.toEqual([]);
  });

  it('keeps the buffer free on both sides of an appointment', () => {
    const eleven = { startMs: at('2035-03-06', '11:00'), endMs: at('2035-03-06', '12:00') };
    const taken = [{ ...eleven, service: 'roof-inspection', staff: null }];
    const day = times(search({ taken }), '2035-03-06');
    expect(day).toContain('09:30');
    expect(day).not.toContain('10:00');
    expect(day).not.toContain('12:00');
    expect(day).toContain('12:30');
  });

  it('honours every part of a preference', () => {
    const preference: SlotPreference = {
      fromDate: '2035-03-06',
      toDate: '2035-03-09',
      days: [2, 3],
      notDays: [3],
      notBefore: '13:00',
      notAfter: '14:00',
    };
    const slots = search({ preference });
    expect(slots.map(({ startMs }) => wallClock(startMs, zone).date)).toEqual([
      '2035-03-06',
      '2035-03-06',
      '2035-03-06',
    ]);
    expect(times(slots, '2035-03-06')).toEqual(['13:00', '13:30', '14:00']);
  });

  it('has none in the hour that daylight saving skips', () => {
    const slots = search({
      rules: allDay,
      nowMs: at('2035-03-10', '12:00'),
      preference: { fromDate: '2035-03-11', toDate: '2035-03-11' },
    });
    expect(slots).toHaveLength(46);
    expect(times(slots, '2035-03-11').slice(2, 6)).toEqual(['01:00', '01:30', '03:00', '03:30']);
  });

  it('has both hours when daylight saving repeats one', () => {
    const slots = search({
      rules: allDay,
      nowMs: at('2035-11-03', '12:00'),
      preference: { fromDate: '2035-11-04', toDate: '2035-11-04' },
    });
    expect(slots).toHaveLength(50);
    expect(times(slots, '2035-11-04').slice(2, 7)).toEqual(['01:00', '01:30', '01:00', '01:30', '02:00']);
  });

  it('opens at the same time on the clock before and after the change', () => {
    const slots = search({ nowMs: at('2035-03-08', '08:00') });
    expect(times(slots, '2035-03-09')[0]).toBe('08:00');
    expect(times(slots, '2035-03-12')[0]).toBe('08:00');
  });

  it('leaves out closures of several days, and what lies beyond the horizon', () => {
    const [inspection] = denverRules.services;
    if (inspection === undefined) throw new Error('The rules of a test must have a service.');
    const rules = { ...denverRules, closures: [{ from: '2035-03-06', to: '2035-03-08' }] };
    const slots = search({ rules, service: { ...inspection, horizonDays: 5 } });
    expect([...new Set(slots.map(({ startMs }) => wallClock(startMs, zone).date))]).toEqual([
      '2035-03-05',
      '2035-03-09',
      '2035-03-10',
    ]);
  });

  it('follows an opening past midnight', () => {
    const rules: SchedulingRules = { ...allDay, openingHours: [{ days: [5], from: '22:00', to: '02:00' }] };
    const slots = search({ rules, preference: { toDate: '2035-03-10' } });
    expect(times(slots, '2035-03-09')).toEqual(['22:00', '22:30', '23:00', '23:30']);
    expect(times(slots, '2035-03-10')).toEqual(['00:00', '00:30', '01:00', '01:30']);
  });

  it('stops after the days that were asked for', () => {
    const dates = new Set(search({ maxDays: 2 }).map(({ startMs }) => wallClock(startMs, zone).date));
    expect([...dates]).toEqual(['2035-03-05', '2035-03-06']);
  });

  it('takes a day that its month does not have for the day after', () => {
    const [first] = search({ nowMs: at('2035-02-20', '10:00'), preference: { fromDate: '2035-02-30' } });
    expect(first && wallClock(first.startMs, zone).date).toBe('2035-03-01');
  });

  it('finds nothing in a preference that lies in the past, and does not fail', () => {
    expect(search({ preference: { fromDate: '2034-01-01', toDate: '2034-02-01' } })).toEqual([]);
  });
});

const clockTime = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
const weekdays = fc.subarray<Weekday>([1, 2, 3, 4, 5, 6, 7]);
const service: fc.Arbitrary<Service> = fc.record({
  id: fc.constant('visit'),
  name: fc.constant('Visit'),
  durationMin: fc.integer({ min: 5, max: 240 }),
  bufferMin: fc.integer({ min: 0, max: 60 }),
  leadTimeMin: fc.integer({ min: 0, max: 4_000 }),
  capacity: fc.integer({ min: 1, max: 3 }),
  stepMin: fc.constantFrom(15, 20, 30, 45, 60, 90),
});
/** Days around both changes of the clock in Denver. */
const nowMs = fc.constantFrom(at('2035-03-09', '07:13'), at('2035-11-02', '18:40'), at('2035-06-01', '12:00'));
const preference = fc
  .record(
    {
      from: fc.integer({ min: -3, max: 5 }),
      to: fc.integer({ min: 0, max: 9 }),
      days: weekdays,
      notDays: weekdays,
      notBefore: clockTime,
      notAfter: clockTime,
    },
    { requiredKeys: ['to'] },
  )
  .map(({ from, to, ...rest }) => ({ from, to, rest }));
const openingHours = fc.array(fc.record({ days: weekdays, from: clockTime, to: clockTime }), { maxLength: 3 });

const setting = fc.record({ service, nowMs, preference, openingHours }).chain((base) => {
  const today = wallClock(base.nowMs, zone).date;
  const rules: SchedulingRules = {
    timeZone: zone,
    openingHours: base.openingHours,
    closedOn: [addDays(today, 2)],
    services: [base.service],
  };
  const wish: SlotPreference = {
    ...base.preference.rest,
    ...(base.preference.from === undefined ? {} : { fromDate: addDays(today, base.preference.from) }),
    toDate: addDays(today, base.preference.to),
  };
  const busy = fc
    .array(fc.integer({ min: 0, max: 9 * 24 * 12 }), { maxLength: 20 })
    .map((starts) =>
      starts.map((n) => ({
        startMs: base.nowMs + n * 5 * minuteMs,
        endMs: base.nowMs + (n * 5 + base.service.durationMin) * minuteMs,
      })),
    )
    // Only what could have been booked: one after the other, each where it still fitted.
    .map((wished) =>
      wished.reduce<Slot[]>((booked, slot) => (fits(base.service, slot, booked) ? [...booked, slot] : booked), []),
    );
  return fc.record({
    service: fc.constant(base.service),
    rules: fc.constant(rules),
    wish: fc.constant(wish),
    nowMs: fc.constant(base.nowMs),
    busy,
  });
});

const booked = (slots: readonly Slot[]): Taken[] => slots.map((slot) => ({ ...slot, service: 'visit', staff: null }));

describe('freeSlots, whatever the rules', () => {
  it('lie inside the opening hours, after the lead time, on the step', () => {
    fc.assert(
      fc.property(setting, ({ service, rules, wish, nowMs, busy }) => {
        for (const slot of freeSlots({ rules, service, taken: booked(busy), preference: wish, nowMs, maxDays: 30 })) {
          expect(slot.startMs).toBeGreaterThanOrEqual(nowMs + service.leadTimeMin * minuteMs);
          expect(slot.endMs - slot.startMs).toBe(service.durationMin * minuteMs);
          const date = wallClock(slot.startMs, zone).date;
          const inside = [addDays(date, -1), date].some((day) =>
            rules.openingHours.some(({ days, from, to }) => {
              const opensMs = at(day, from);
              const closesMs = at(to > from ? day : addDays(day, 1), to);
              const weekday = wallClock(at(day, '12:00'), zone).weekday;
              return (
                days.some((open) => open === weekday) &&
                !rules.closedOn.includes(day) &&
                opensMs <= slot.startMs &&
                slot.endMs <= closesMs &&
                (slot.startMs - opensMs) % (service.stepMin * minuteMs) === 0
              );
            }),
          );
          expect(inside).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never put more than the capacity in one place, counted minute by minute', () => {
    fc.assert(
      fc.property(setting, ({ service, rules, wish, nowMs, busy }) => {
        const bufferMs = service.bufferMin * minuteMs;
        for (const slot of freeSlots({
          rules,
          service,
          taken: booked(busy),
          preference: wish,
          nowMs,
          maxDays: 3,
        }).slice(0, 20)) {
          const all = [...busy, slot];
          for (let ms = slot.startMs - bufferMs; ms < slot.endMs + bufferMs; ms += minuteMs) {
            const held = all.filter((other) => other.startMs <= ms && ms < other.endMs + bufferMs).length;
            if (held > service.capacity) throw new Error(`${held} at ${new Date(ms).toISOString()}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('honour the preference', () => {
    fc.assert(
      fc.property(setting, ({ service, rules, wish, nowMs, busy }) => {
        for (const { startMs } of freeSlots({
          rules,
          service,
          taken: booked(busy),
          preference: wish,
          nowMs,
          maxDays: 30,
        })) {
          const { date, time, weekday } = wallClock(startMs, zone);
          expect(date >= (wish.fromDate ?? '') && date <= (wish.toDate ?? '9')).toBe(true);
          expect(time >= (wish.notBefore ?? '') && time <= (wish.notAfter ?? '9')).toBe(true);
          expect(wish.days?.some((day) => day === weekday) ?? true).toBe(true);
          expect(wish.notDays?.some((day) => day === weekday) ?? false).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });
});
