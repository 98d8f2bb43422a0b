import { expect, test } from 'vitest';
import { DateTime } from 'luxon';
import { bundlesFor } from '../playbooks.ts';
import { ownScenarios } from '../main.ts';
import { readScenarios } from '../read-scenarios.ts';
import { Listener, slotsIn } from './heard.ts';
import { DictatedNumber } from './spoken-digits.ts';
import { spokenSubset } from './subset.ts';

const zone = 'America/Denver';
const nowMs = DateTime.fromISO('2026-12-30T10:00', { zone }).toMillis();
const [bundle] = (await bundlesFor(spokenSubset(await readScenarios(ownScenarios), 'roof-terse-new'))).values();
const listener = (): Listener => new Listener(bundle!, nowMs);
const local = (words: string): (string | null)[] =>
  slotsIn(words, zone, nowMs).map(({ startMs }) =>
    DateTime.fromMillis(startMs, { zone }).toISO({ includeOffset: false, suppressSeconds: true }),
  );

test('the last question counts', () => {
  expect(listener().hear('Hi, this is Robin from Ridgeline Roofing. How can I help with your roof?')?.focus).toEqual({
    kind: 'question',
    id: 'need',
  });
  expect(
    listener().hear('What is the best phone number to reach you? You can also give me an e-mail address.')?.focus,
  ).toEqual({ kind: 'contact', by: 'phone' });
});

test('times are understood with the day that was named before, and past the end of the year', () => {
  expect(local('Thursday, December 31 at 8 AM. At 9:30 AM. Or Monday, January 4 at 1 PM.')).toEqual([
    '2026-12-31T08:00',
    '2026-12-31T09:30',
    '2027-01-04T13:00',
  ]);
});

test('a time that is read back is the one to agree to', () => {
  const heard = listener().hear('Thursday, December 31 at 9 AM. Shall I book it?');
  expect(heard?.focus).toMatchObject({
    kind: 'confirm-slot',
    slot: slotsIn('Thursday, December 31 at 9 AM.', zone, nowMs)[0],
  });
});

test('a number that is read back is told from digits of one', () => {
  expect(listener().hear('Let me read that back. 303-555-0123. Is that right?')?.focus).toEqual({
    kind: 'confirm-phone',
    phone: '+13035550123',
  });
  expect(listener().hear('3 0 3. Is that right?')?.readBack).toBe('303');
});

test('what asks nothing is waited out, and what was not understood is answered again', () => {
  const one = listener();
  expect(one.hear('Let me check the calendar.')).toBeNull();
  const asked = one.hear('Do you have a budget in mind?');
  expect(one.hear("Sorry, I didn't catch that.")).toEqual({ ...asked, again: true });
});

test('a number is dictated on from what was agreed to', () => {
  const number = new DictatedNumber('+13035550123');
  expect(number.say('first', 3)).toBe('three zero three');
  expect(number.agreesTo('302')).toBe(false);
  expect(number.agreesTo('303')).toBe(true);
  expect(number.say('next', 3)).toBe('five five five');
  expect(number.say('first', 3)).toBe('three zero three');
});
