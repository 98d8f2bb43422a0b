import { expect, test } from 'vitest';
import { casesOf } from './cases.ts';

test('a seed gives the same cases each time, another one others of the same kinds', () => {
  const [one, again, other] = [casesOf(1), casesOf(1), casesOf(2)];
  expect(one).toEqual(again);
  expect(one.length).toBeGreaterThanOrEqual(150);
  expect(other).not.toEqual(one);
  expect(other.map(({ kind, about }) => `${kind} ${about}`)).toEqual(one.map(({ kind, about }) => `${kind} ${about}`));
});

test('pauses are 300 to 1,200 ms', () => {
  const pauses = casesOf(3).flatMap(({ parts }) => parts.flatMap((part) => ('pauseMs' in part ? [part.pauseMs] : [])));
  expect(pauses.length).toBeGreaterThan(70);
  expect([Math.min(...pauses) >= 300, Math.max(...pauses) <= 1_200]).toEqual([true, true]);
});

test('one voice for all cases, when asked for', () => {
  expect(new Set(casesOf(1, 'awb').map(({ voice }) => voice))).toEqual(new Set(['awb']));
});
