import { expect, test } from 'vitest';
import { raritiesOf, unseenRarity, vectorOf } from './vectors.ts';

const counts = (...features: string[]) => new Map(features.map((feature) => [feature, 1]));
const texts = [counts('the', 'roof', '~roo'), counts('the', 'price'), counts('the', 'leak')];
const rarities = raritiesOf(texts);
const vector = (...features: string[]) =>
  new Map(vectorOf(counts(...features), (feature) => rarities.get(feature), unseenRarity(texts.length)));

test('raritiesOf gives a word in every text 1, a rarer word more, an unseen word most', () => {
  expect(rarities.get('the')).toBe(1);
  expect(rarities.get('roof')).toBeGreaterThan(1);
  expect(unseenRarity(texts.length)).toBeGreaterThan(rarities.get('roof') ?? 0);
});

test('vectorOf scales words to length 1 whatever the letters are', () => {
  const length = (...features: string[]) =>
    Math.hypot(...[...vector(...features)].filter(([feature]) => !feature.startsWith('~')).map(([, value]) => value));
  expect(length('the', 'roof')).toBeCloseTo(1);
  expect(length('the', 'roof', '~roo')).toBeCloseTo(1);
});

test('vectorOf leaves unknown words out, and lets them weaken the known ones', () => {
  const known = vector('roof').get('roof') ?? 0;
  const beside = vector('roof', 'zebra');
  expect(beside.has('zebra')).toBe(false);
  expect(beside.get('roof')).toBeLessThan(known);
});

test('vectorOf of nothing is nothing', () => {
  expect(vector().size).toBe(0);
});
