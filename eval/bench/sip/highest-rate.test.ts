import { expect, test } from 'vitest';
import { highestRate } from './highest-rate.ts';

const trialsOf = (bounds: { short: number; lasting: number }) => {
  const tried: string[] = [];
  const trial = (kind: 'short' | 'lasting') => (callsPerSecond: number) => {
    tried.push(`${kind} ${callsPerSecond}`);
    return Promise.resolve({ callsPerSecond, good: callsPerSecond <= bounds[kind] });
  };
  return { tried, trials: { short: trial('short'), lasting: trial('lasting') } };
};

test('goes up in short trials, and down in lasting ones', async () => {
  const { tried, trials } = trialsOf({ short: 900, lasting: 700 });
  expect(await highestRate(trials)).toEqual({ callsPerSecond: 600, good: true });
  expect(tried).toEqual(['short 400', 'short 600', 'short 800', 'short 1000', 'lasting 800', 'lasting 600']);
});

test('what cannot keep up the lowest rate has none', async () => {
  expect(await highestRate(trialsOf({ short: 300, lasting: 300 }).trials)).toBeUndefined();
  expect(await highestRate(trialsOf({ short: 400, lasting: 0 }).trials)).toBeUndefined();
});

test('it ends even where nothing ever fails', async () => {
  expect((await highestRate(trialsOf({ short: Infinity, lasting: Infinity }).trials))?.callsPerSecond).toBe(4_000);
});
