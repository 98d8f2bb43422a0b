import { expect, test } from 'vitest';
import { makeCall } from './call.ts';
import { grade } from './grade.ts';
import { ownScenarios } from './main.ts';
import { bundlesFor } from './playbooks.ts';
import { readScenarios } from './read-scenarios.ts';

const scenarios = await readScenarios(ownScenarios);
const bundles = await bundlesFor(scenarios);

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', (_, scenario) => {
  for (let seed = 1; seed <= scenario.seeds; seed++) {
    const call = makeCall(scenario, bundles.get(scenario)!, seed);
    const faults = grade(scenario.expect, call);
    if (faults.length > 0) faults.push(`seed ${seed}`, ...call.transcript);
    expect(faults).toEqual([]);
  }
});

test('the same scenario and seed give the same call, another seed another one', () => {
  const [scenario] = scenarios;
  const said = (seed: number) => makeCall(scenario!, bundles.get(scenario!)!, seed).transcript.join('\n');
  expect(said(1)).toBe(said(1));
  expect(new Set([1, 2, 3, 4].map(said)).size).toBeGreaterThan(1);
});
