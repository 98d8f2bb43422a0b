import { expect, test } from 'vitest';
import { countDependencies, countExitCode, countVitest } from './counts.mjs';

const report = (over: object) =>
  JSON.stringify({
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
    ...over,
  });

test('countVitest takes the numbers from the report', () => {
  expect(countVitest(report({}), 0)).toEqual({ passed: 5, failed: 0, skipped: 1 });
  expect(countVitest(report({ numFailedTests: 2 }), 1)).toMatchObject({ passed: 5, failed: 2 });
});

test('countVitest counts a file that could not be loaded', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(countVitest(report({ testResults }), 1)).toMatchObject({ failed: 1 });
});

test('countVitest does not count a failed file twice', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
  expect(countVitest(report({ numFailedTests: 1, testResults }), 1)).toMatchObject({ failed: 1 });
});

test.each([
  ['no report', undefined, 1],
  ['a broken report', '{"numPassed', 1],
  ['no test at all', report({ numPassedTests: 0 }), 0],
  ['an error outside of the tests', report({}), 1],
])('countVitest: %s is a failure', (_, json, exitCode) => {
  expect(countVitest(json, exitCode).failed).toBe(1);
});

test('countDependencies fails when nothing was cruised', () => {
  expect(countDependencies(JSON.stringify({ summary: { totalCruised: 0, violations: [] } })).failed).toBe(1);
  expect(countDependencies(JSON.stringify({ summary: { totalCruised: 9, violations: [] } }))).toMatchObject({
    passed: 1,
    failed: 0,
  });
});

test('countDependencies names the import that goes the wrong way', () => {
  const violations = [{ rule: { name: 'server-imports', severity: 'error' }, from: 'server/a.ts', to: 'workers/b.ts' }];
  expect(countDependencies(JSON.stringify({ summary: { totalCruised: 9, violations } }))).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    why: 'server-imports: server/a.ts -> workers/b.ts',
  });
});

test('countExitCode: anything but zero is a failure', () => {
  expect([0, 1, null].map((code) => countExitCode(code).failed)).toEqual([0, 1, 1]);
});
