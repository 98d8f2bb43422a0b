import { expect, test } from 'vitest';
import { isOverdue } from './call-limit.ts';

const minutes = (count: number): number => count * 60_000;

test.each([
  [false, 30, 240, false],
  [false, 31, 240, true],
  [true, 31, 240, false],
  [true, 240, 240, false],
  [true, 241, 240, true],
  [true, 20, 10, false],
])('joined with a person: %s, after %i min, of %i: over: %s', (joined, age, most, over) => {
  expect(isOverdue(minutes(age), { joined, maxJoinedMs: minutes(most) })).toBe(over);
});
