import { expect, test } from 'vitest';
import { bundlesFor } from '../playbooks.ts';
import { ownScenarios } from '../main.ts';
import { readScenarios } from '../read-scenarios.ts';
import type { SpokenCall, SpokenResult } from './call.ts';
import type { Condition } from './line.ts';
import { audioReport, audioTable } from './report.ts';
import { spokenSubset } from './subset.ts';

const [first, second] = await bundlesFor(spokenSubset(await readScenarios(ownScenarios), 'roof-terse'));

function done(
  which: typeof first,
  condition: Condition,
  voice: 'rms' | 'awb',
  fault?: string,
): SpokenCall & SpokenResult {
  const [scenario, bundle] = which!;
  const faults = fault === undefined ? [] : [fault];
  return {
    scenario,
    bundle,
    condition,
    voice,
    seed: 1,
    faults,
    turns: 10,
    misunderstood: faults.length,
    transcript: ['x'],
  };
}

test('a scenario passes in a condition when it does with every voice', () => {
  const report = audioReport(
    [
      done(first, 'clean', 'rms'),
      done(first, 'clean', 'awb', 'Nothing is booked.'),
      done(second, 'clean', 'rms'),
      done(second, 'noise10', 'rms'),
    ],
    false,
  );
  expect(report.audio).toMatchObject({ scenarios: 3, passed: 2 });
  expect(report.audio.byCondition).toEqual({
    clean: { scenarios: 2, passed: 1, calls: 3, callsPassed: 2, turns: 30, misunderstood: 1 },
    noise10: { scenarios: 1, passed: 1, calls: 1, callsPassed: 1, turns: 10, misunderstood: 0 },
  });
  expect(report.audio.failures).toEqual([
    { scenario: first![0].id, condition: 'clean', voice: 'awb', faults: ['Nothing is booked.'] },
  ]);
  expect(audioTable(report)).toContain('1 of 2 scenarios, 1 of 30 turns');
});
