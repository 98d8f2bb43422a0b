import { expect, test } from 'vitest';
import { below, levelOfAll, overTelephone, rotated } from './line.ts';

const tone = (hz: number, lengthMs = 500): Int16Array =>
  Int16Array.from({ length: lengthMs * 16 }, (_, n) => 8_000 * Math.sin((2 * Math.PI * hz * n) / 16_000));

const differenceDb = (louder: Int16Array, softer: Int16Array): number =>
  20 * Math.log10(levelOfAll(louder) / levelOfAll(softer));

test.each([20, 10])('noise is %s dB below the voice, however loud it was', (belowDb) => {
  const voice = tone(440);
  for (const noise of [tone(1_000), tone(1_000).map((sample) => sample / 8)]) {
    expect(differenceDb(voice, below(noise, levelOfAll(voice), belowDb))).toBeCloseTo(belowDb, 1);
  }
});

test('silence stays silence', () => {
  expect(levelOfAll(below(new Int16Array(160), 1_000, 20))).toBe(0);
});

test('a seed gives the same place in the babble each time, and nothing is lost', () => {
  const babble = Int16Array.from({ length: 1_000 }, (_, n) => n);
  expect(rotated(babble, 7)).toEqual(rotated(babble, 7));
  expect(rotated(babble, 7)).not.toEqual(rotated(babble, 8));
  expect(rotated(babble, 7).toSorted()).toEqual(babble);
});

test('a telephone carries the middle of a voice and loses both ends', () => {
  expect(overTelephone(tone(1_000))).toHaveLength(tone(1_000).length);
  expect(differenceDb(tone(1_000), overTelephone(tone(1_000)))).toBeLessThan(1);
  expect(differenceDb(tone(100), overTelephone(tone(100)))).toBeGreaterThan(12);
  expect(differenceDb(tone(6_000), overTelephone(tone(6_000)))).toBeGreaterThan(30);
});

test('companding leaves its own noise, in proportion to the voice', () => {
  const sent = tone(1_000);
  const through = overTelephone(overTelephone(sent));
  expect(through).not.toEqual(sent);
  expect(Math.abs(differenceDb(sent, through))).toBeLessThan(1);
});
