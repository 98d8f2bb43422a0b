import { expect, test } from 'vitest';
import { makeCall } from './call.ts';
import { grade } from './grade.ts';
import { ownScenarios } from './main.ts';
import { bundlesFor } from './playbooks.ts';
import { readScenarios } from './read-scenarios.ts';
import type { Scenario } from './scenario.ts';

const scenarios = await readScenarios(ownScenarios);
const bundles = await bundlesFor(scenarios);

/** What the agent does not do yet, and why. One that passes must leave this list. */
const notYet: Readonly<Record<string, string>> = {
  'dental-hostile-already-has-dentist': '"I like my dentist" is not taken for the objection it repeats',
  'roof-second-one-and-question':
    '"Do I have to pay for the inspection", beside a choice, is taken for monthly payments',
  'software-confused-silent-typed': '"help desk" in "evaluating help desk tools" is taken for the wish itself',
};

const faultsOf = (scenario: Scenario): string[] => {
  for (let seed = 1; seed <= scenario.seeds; seed++) {
    const call = makeCall(scenario, bundles.get(scenario)!, seed);
    const faults = grade(scenario.expect, call);
    if (faults.length > 0) return [...faults, `seed ${seed}`, ...call.transcript];
  }
  return [];
};
const known = (id: string) => Object.hasOwn(notYet, id);

test.each(scenarios.filter(({ id }) => !known(id)).map((scenario) => [scenario.id, scenario] as const))(
  '%s',
  (_, scenario) => {
    expect(faultsOf(scenario)).toEqual([]);
  },
);

test('what is known to fail still fails, and is little', () => {
  const failing = scenarios.filter(({ id }) => known(id));
  expect(failing.filter((scenario) => faultsOf(scenario).length === 0).map(({ id }) => id)).toEqual([]);
  expect(failing.length / scenarios.length).toBeLessThanOrEqual(0.05);
});

test('the same scenario and seed give the same call, another seed another one', () => {
  const [scenario] = scenarios;
  const said = (seed: number) => makeCall(scenario!, bundles.get(scenario!)!, seed).transcript.join('\n');
  expect(said(1)).toBe(said(1));
  expect(new Set([1, 2, 3, 4].map(said)).size).toBeGreaterThan(1);
});
