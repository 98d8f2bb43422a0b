import { describe, expect, it } from 'vitest';
import { addDays, instantOf, wallClock } from './local-time.ts';

const denver = 'America/Denver';
const iso = (instantMs: number): string => new Date(instantMs).toISOString();

describe('instantOf', () => {
  it('follows the offset of the date', () => {
    expect(iso(instantOf('2035-01-15', '09:00', denver))).toBe('2035-01-15T16:00:00.000Z');
    expect(iso(instantOf('2035-07-15', '09:00', denver))).toBe('2035-07-15T15:00:00.000Z');
  });

  it('takes the jump itself for a time that daylight saving skips', () => {
    // 11 March 2035, 02:00 MST becomes 03:00 MDT.
    for (let minute = 0; minute < 60; minute += 1) {
      const time = `02:${String(minute).padStart(2, '0')}`;
      expect(iso(instantOf('2035-03-11', time, denver))).toBe('2035-03-11T09:00:00.000Z');
    }
    expect(iso(instantOf('2035-03-11', '01:59', denver))).toBe('2035-03-11T08:59:00.000Z');
    expect(iso(instantOf('2035-03-11', '03:00', denver))).toBe('2035-03-11T09:00:00.000Z');
  });

  it('takes the first of a time that comes twice', () => {
    // 4 November 2035, 02:00 MDT becomes 01:00 MST.
    expect(iso(instantOf('2035-11-04', '01:30', denver))).toBe('2035-11-04T07:30:00.000Z');
    expect(iso(instantOf('2035-11-04', '02:00', denver))).toBe('2035-11-04T09:00:00.000Z');
  });

  it('knows zones half an hour off, and zones ahead of UTC', () => {
    expect(iso(instantOf('2035-10-07', '02:15', 'Australia/Lord_Howe'))).toBe('2035-10-06T15:30:00.000Z');
    expect(iso(instantOf('2035-06-01', '00:30', 'Asia/Kolkata'))).toBe('2035-05-31T19:00:00.000Z');
  });
});

describe('wallClock', () => {
  it('reads date, time and weekday in the zone', () => {
    expect(wallClock(Date.UTC(2035, 2, 5, 3), denver)).toEqual({ date: '2035-03-04', time: '20:00', weekday: 7 });
  });

  it('shows the same time twice when the hour is repeated', () => {
    const first = wallClock(Date.UTC(2035, 10, 4, 7, 30), denver);
    expect(first.time).toBe('01:30');
    expect(wallClock(Date.UTC(2035, 10, 4, 8, 30), denver)).toEqual(first);
  });
});

describe('addDays', () => {
  it('crosses months and leap days', () => {
    expect(addDays('2036-02-28', 2)).toBe('2036-03-01');
    expect(addDays('2035-01-01', -1)).toBe('2034-12-31');
  });
});
