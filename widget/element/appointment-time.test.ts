import { describe, expect, it } from 'vitest';
import { appointmentTime } from './appointment-time.ts';

const NARROW_SPACES = /[\u2009\u202f]/g;
const plain = (text: string | null): string | null => text?.replace(NARROW_SPACES, ' ') ?? null;

// 2026-11-24, 9:00 to 10:00 in Denver.
const startMs = Date.UTC(2026, 10, 24, 16);
const booking = { startMs, endMs: startMs + 3_600_000, timeZone: 'America/Denver' };

describe('appointmentTime', () => {
  it('speaks in the business’s zone and names it', () => {
    const time = appointmentTime(booking, 'en-US', 'America/Denver');
    expect(time.date).toBe('Tuesday, November 24');
    expect(plain(time.hours)).toBe('9:00 – 10:00 AM MST');
    expect(time.visitorHours).toBeNull();
  });

  it('adds the visitor’s own time where it differs', () => {
    const time = appointmentTime(booking, 'en-US', 'Europe/Berlin');
    expect(plain(time.visitorHours)).toBe('Tue, 5:00 – 6:00 PM');
  });

  it('says nothing twice when two zones have the same clock', () => {
    expect(appointmentTime(booking, 'en-US', 'America/Boise').visitorHours).toBeNull();
  });

  it('speaks Spanish', () => {
    expect(appointmentTime(booking, 'es', 'America/Denver').date).toBe('martes, 24 de noviembre');
  });

  it('falls back to the visitor’s zone when the host’s is unknown', () => {
    const time = appointmentTime({ ...booking, timeZone: 'Mars/Olympus' }, 'en-US', 'Europe/Berlin');
    expect(plain(time.hours)).toBe('5:00 – 6:00 PM GMT+1');
  });
});
