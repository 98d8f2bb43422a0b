import { describe, expect, it } from 'vitest';
import type { SchedulingRules, Slot } from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { denverRules } from '../test/playbook.ts';
import type { Taken } from './capacity.ts';
import { placeFor } from './place.ts';

const at = (time: string): number => instantOf('2035-03-06', time, 'America/Denver');
const slot = (from: string, to: string): Slot => ({ startMs: at(from), endMs: at(to) });
const taken = (from: string, to: string, service: string | null, staff: string | null): Taken => ({
  ...slot(from, to),
  service,
  staff,
});

const cut = { id: 'cut', name: 'Cut', durationMin: 30, bufferMin: 0, leadTimeMin: 0, capacity: 10, stepMin: 30 };
const color = { ...cut, id: 'color', name: 'Color', bufferBeforeMin: 0, bufferAfterMin: 30 };
const rules: SchedulingRules = {
  ...denverRules,
  services: [cut, color],
  staff: [
    { id: 'ana', name: 'Ana' },
    { id: 'ben', name: 'Ben', services: ['cut'] },
    {
      id: 'cleo',
      name: 'Cleo',
      services: ['cut'],
      openingHours: [{ days: [2], from: '14:00', to: '17:00' }],
    },
  ],
};

const staffOf = (service: typeof cut, wish: Slot, busy: Taken[], wanted: string | null = null) =>
  placeFor(rules, service, wish, busy, { staff: wanted })?.staff;

describe('placeFor', () => {
  it('takes somebody who does the service, is there and is free', () => {
    expect(staffOf(color, slot('10:00', '10:30'), [])).toBe('ana');
    expect(staffOf(color, slot('10:00', '10:30'), [taken('10:00', '10:30', 'cut', 'ana')])).toBeUndefined();
    expect(staffOf(cut, slot('10:00', '10:30'), [taken('10:00', '10:30', 'color', 'ana')])).toBe('ben');
    const both = [taken('10:00', '10:30', 'cut', 'ana'), taken('10:00', '10:30', 'cut', 'ben')];
    expect(staffOf(cut, slot('10:00', '10:30'), both)).toBeUndefined();
    const afternoon = both.map((one) => ({ ...one, ...slot('15:00', '15:30') }));
    expect(staffOf(cut, slot('15:00', '15:30'), afternoon)).toBe('cleo');
  });

  it('gives it to who has the least booked, or to who is wanted', () => {
    const busy = [taken('08:00', '08:30', 'cut', 'ana')];
    expect(staffOf(cut, slot('10:00', '10:30'), busy)).toBe('ben');
    expect(staffOf(cut, slot('10:00', '10:30'), busy, 'ana')).toBe('ana');
  });

  it('gives it to nobody else where one must do it, whoever takes what was booked for nobody', () => {
    const fixed = (staff: string, from: string, busy: Taken[] = [], anyHour = false) => {
      const wish = slot(from, `${from.slice(0, 2)}:30`);
      return placeFor(rules, cut, wish, busy, { staff, isFixed: true, anyHour })?.staff;
    };
    expect(fixed('ben', '10:00')).toBe('ben');
    expect(fixed('ben', '10:00', [taken('10:00', '10:30', 'cut', 'ben')])).toBeUndefined();
    // Ana takes the other one.
    expect(fixed('ben', '10:00', [taken('10:00', '10:30', 'cut', null)])).toBe('ben');
    expect(fixed('cleo', '10:00')).toBeUndefined();
    expect(fixed('cleo', '10:00', [], true)).toBe('cleo');
    expect(fixed('cleo', '10:00', [taken('10:00', '10:30', 'cut', 'cleo')], true)).toBeUndefined();
    expect(fixed('nobody', '10:00', [], true)).toBeUndefined();
  });

  it('asks who is not at work only when nobody who is can', () => {
    const anyHour = (busy: Taken[]) => placeFor(rules, cut, slot('10:00', '10:30'), busy, { anyHour: true })?.staff;
    const ana = taken('10:00', '10:30', 'cut', 'ana');
    expect(anyHour([ana])).toBe('ben');
    expect(anyHour([ana, taken('10:00', '10:30', 'cut', 'ben')])).toBe('cleo');
  });

  it('keeps the buffer before and after apart, across services of one person', () => {
    const busy = [taken('10:00', '10:30', 'color', 'ana')];
    expect(staffOf(color, slot('09:00', '09:30'), busy)).toBe('ana');
    // Thirty minutes after a color job are Ana's, whatever comes next or came before.
    expect(staffOf(color, slot('09:30', '10:00'), busy)).toBeUndefined();
    expect(staffOf(cut, slot('10:30', '11:00'), [...busy, taken('10:30', '11:00', 'cut', 'ben')])).toBeUndefined();
    expect(staffOf(cut, slot('11:00', '11:30'), [...busy, taken('11:00', '11:30', 'cut', 'ben')])).toBe('ana');
    expect(staffOf(cut, slot('09:30', '10:00'), [...busy, taken('09:30', '10:00', 'cut', 'ben')])).toBe('ana');
  });

  it('is closed by an entry in the calendar of the business, and one person by an entry in theirs', () => {
    expect(staffOf(cut, slot('10:00', '10:30'), [taken('08:00', '12:00', null, null)])).toBeUndefined();
    expect(staffOf(cut, slot('10:00', '10:30'), [taken('08:00', '12:00', null, 'ana')])).toBe('ben');
    expect(staffOf(color, slot('10:00', '10:30'), [taken('08:00', '12:00', null, 'ana')])).toBeUndefined();
  });

  it('counts what was booked before there was a list of staff', () => {
    expect(staffOf(cut, slot('10:00', '10:30'), [taken('10:00', '10:30', 'cut', null)])).toBe('ana');
    const two = [taken('10:00', '10:30', 'cut', null), taken('10:00', '10:30', 'cut', null)];
    expect(staffOf(cut, slot('10:00', '10:30'), two)).toBeUndefined();
  });

  it('has a place wherever there is no list of staff', () => {
    expect(placeFor(denverRules, cut, slot('10:00', '10:30'), [])).toEqual({ staff: null });
  });
});
