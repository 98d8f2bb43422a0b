import { expect, test } from 'vitest';
import { CallerLevel } from './caller-level.ts';

test('before the caller has spoken every voice may be theirs', () => {
  expect(new CallerLevel().isForeign(1)).toBe(false);
});

test('a voice far softer than the caller is foreign', () => {
  const level = new CallerLevel();
  level.learn(5_000);
  expect([500, 800].map((each) => level.isForeign(each))).toEqual([true, false]);
});

test('a caller who speaks more softly from now on is known again after two turns', () => {
  const level = new CallerLevel();
  level.learn(8_000);
  expect(level.isForeign(900)).toBe(true);
  for (let turn = 0; turn < 2; turn++) level.learn(900);
  expect(level.isForeign(900)).toBe(false);
});

test('a sound that is nearly as loud as the caller is plainly theirs, and nobody is known before they spoke', () => {
  const level = new CallerLevel();
  expect(level.isPlainlyOwn(5_000)).toBeUndefined();
  level.learn(5_000);
  expect([2_000, 3_000].map((loudest) => level.isPlainlyOwn(loudest))).toEqual([false, true]);
});
