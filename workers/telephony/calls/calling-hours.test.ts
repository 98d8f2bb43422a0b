import { expect, it } from 'vitest';
import { defaultOutboundRules } from '../../../contract/outbound.ts';
import { instantOf } from '../../../dialogue/calendar/local-time.ts';
import { nextAllowedMs } from './calling-hours.ts';
import { zonesOfNumber } from './number-zones.ts';

const denver = 'America/Denver';
const rules = defaultOutboundRules;

it.each([
  ['+13035550123', ['America/Denver']],
  ['+12125550123', ['America/New_York']],
  // Idaho has one area code and two zones; whoever is called may live in either.
  ['+12085550123', ['America/Boise', 'America/Denver', 'America/Los_Angeles']],
  ['+442079460000', ['Europe/London']],
  ['+33145550123', ['Europe/Paris']],
  ['+74955550123', ['Europe/Moscow']],
  ['+16845550123', ['Pacific/Pago_Pago']],
  // A satellite telephone.
  ['+8821655501234', []],
])('%s may be in %j', (number, zones) => {
  expect([...zonesOfNumber(number)].sort()).toEqual(zones);
});

it('knows every zone that it names, and puts a North American number of an unknown area into all of them', () => {
  const zones = zonesOfNumber('+19995550123');
  expect(zones.length).toBeGreaterThan(30);
  for (const zone of zones) expect(() => Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
});

it.each([
  ['07:59', '2035-03-05', '08:00', '2035-03-05'],
  ['08:00', '2035-03-05', '08:00', '2035-03-05'],
  ['20:59', '2035-03-05', '20:59', '2035-03-05'],
  ['21:00', '2035-03-05', '08:00', '2035-03-06'],
])('at %s of %s the next allowed moment is %s of %s', (time, date, allowed, allowedDate) => {
  const at = nextAllowedMs([denver], rules, instantOf(date, time, denver));
  expect(at).toBe(instantOf(allowedDate, allowed, denver));
});

it('asks for a time that suits every zone the number may be in', () => {
  const eightInDenver = instantOf('2035-03-05', '08:30', denver);
  expect(nextAllowedMs([denver, 'America/Los_Angeles'], rules, eightInDenver)).toBe(
    instantOf('2035-03-05', '08:00', 'America/Los_Angeles'),
  );
  const lateInDenver = instantOf('2035-03-05', '21:30', denver);
  expect(nextAllowedMs([denver, 'America/Los_Angeles'], rules, lateInDenver)).toBe(
    instantOf('2035-03-06', '08:00', 'America/Los_Angeles'),
  );
});

it('leaves out week days, holidays, and the night that the clocks change in', () => {
  const weekdays = {
    hours: [{ days: [1, 2, 3, 4, 5] as const, from: '09:00', to: '17:00' }].map((each) => ({
      ...each,
      days: [...each.days],
    })),
    notOn: ['2035-03-12'],
  };
  const fridayEvening = instantOf('2035-03-09', '18:00', denver);
  expect(nextAllowedMs([denver], weekdays, fridayEvening)).toBe(instantOf('2035-03-13', '09:00', denver));
  // 11 March 2035, 2:00 is 3:00.
  const beforeChange = instantOf('2035-03-10', '22:00', denver);
  expect(nextAllowedMs([denver], rules, beforeChange)).toBe(instantOf('2035-03-11', '08:00', denver));
});

it('finds no time where zones have none in common', () => {
  const short = {
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '10:00' }],
    notOn: [],
  } satisfies Parameters<typeof nextAllowedMs>[1];
  expect(nextAllowedMs([denver, 'Asia/Tokyo'], short, 0)).toBeNull();
});
