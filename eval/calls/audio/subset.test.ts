import { expect, test } from 'vitest';
import { ownScenarios } from '../main.ts';
import { readScenarios } from '../read-scenarios.ts';
import { spokenSubset } from './subset.ts';

const all = await readScenarios(ownScenarios);

test('a booking, a correction, an objection and the wish for a person are spoken', () => {
  expect(spokenSubset(all, '').map(({ persona }) => persona)).toEqual([
    'changes-mind',
    'hostile',
    'asks-for-person',
    'terse',
  ]);
});

test('what only a simulated world has is not spoken', () => {
  const impossible = ['roof-calendar-fails', 'roof-slot-taken', 'roof-typed', 'roof-misheard', 'dental-'];
  expect(impossible.flatMap((id) => spokenSubset(all, id))).toEqual([]);
  expect(spokenSubset(all, 'roof-terse').map(({ id }) => id)).toEqual([
    'roof-terse-new-roof',
    'roof-terse-repair-afternoon',
  ]);
  expect(spokenSubset(all, 'roof-changes-t,roof-person').map(({ id }) => id)).toEqual([
    'roof-changes-time',
    'roof-person-at-once',
  ]);
});
