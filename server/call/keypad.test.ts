import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Keypad } from './keypad.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function typed(keys: string, waitMs = 2_000): string[] {
  const entries: string[] = [];
  const keypad = new Keypad((text) => entries.push(text));
  for (const key of keys) {
    keypad.press(key);
    vi.advanceTimersByTime(300);
  }
  vi.advanceTimersByTime(waitMs);
  return entries;
}

test.each([
  ['7205550199', ['7205550199']],
  ['7205550199#', ['7205550199']],
  ['12#34', ['12', '34']],
  ['0', ['I want to talk to a person']],
  ['99*30', ['30']],
  ['#', []],
])('%s is %j', (keys, entries) => expect(typed(keys)).toEqual(entries));

test('a playbook says what single keys mean; more digits are a number', () => {
  const entries: string[] = [];
  const keypad = new Keypad((text) => entries.push(text), { '1': 'I want to book an appointment' });
  for (const key of ['1', '#', '0', '#', '1', '1', '#']) keypad.press(key);
  expect(entries).toEqual(['I want to book an appointment', '0', '11']);
});

test('keys that come within the pause belong together', () => expect(typed('12', 1_500)).toEqual([]));
