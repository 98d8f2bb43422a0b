import { expect, test } from 'vitest';
import { planChaos, programs } from './plan.ts';

test('planChaos makes the same plan of the same seed, and another of another', () => {
  const plan = planChaos({ calls: 40, seed: 5 });
  expect(planChaos({ calls: 40, seed: 5 })).toEqual(plan);
  expect(planChaos({ calls: 40, seed: 6 })).not.toEqual(plan);
});

test('planChaos plans every call once, for people who differ', () => {
  const { people } = planChaos({ calls: 50, seed: 1 });
  const indexes = people.flatMap(({ calls }) => calls.map(({ index }) => index));
  expect(indexes.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
});

test('planChaos kills every program and breaks networks in every way', () => {
  const faults = planChaos({ calls: 200, seed: 1 }).faults.map(({ fault }) => fault);
  const killed = faults.flatMap((fault) => (fault.kind === 'kill' ? [fault.program] : []));
  const cut = faults.flatMap((fault) => (fault.kind === 'cut' ? [fault.cut] : []));
  expect(new Set(killed)).toEqual(new Set(programs));
  expect(new Set(cut)).toEqual(new Set(['request-lost', 'answer-lost', 'answer-late']));
  expect(new Set(faults.map(({ kind }) => kind)).size).toBe(5);
});
