import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases } from './case.ts';
import { judge } from './judge.ts';
import { nemoCases } from './nemo-tn.ts';
import { recognizersTextCases } from './recognizers-text.ts';
import { reportOf } from './report.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const own = (kind: string) => readCases(join(import.meta.dirname, `cases/${kind}.jsonl`), kind);

test.each(['email', 'phone', 'name', 'time', 'money', 'address', 'quantity'])('our own cases: %s', (kind) => {
  expect(own(kind).length).toBeGreaterThan(5);
  expect(reportOf(own(kind), null).failures).toEqual([]);
});

describe.skipIf(!existsSync(join(data, 'time')))('public cases (skipped where ../shared/data is absent)', () => {
  test('every date and time with a future resolution counts', () => {
    const cases = recognizersTextCases(join(data, 'time')).filter(({ kind }) => kind === 'time');
    expect(cases.length).toBe(227);
    expect(reportOf(cases, null).exact['time']).toBeGreaterThanOrEqual(0.92);
  });

  test('e-mail and phone are exact in at least 97 of 100', () => {
    const { exact } = reportOf(
      [...recognizersTextCases(join(data, 'time')), ...nemoCases(join(data, 'text/nemo-tn'))],
      null,
    );
    expect(exact['email']).toBeGreaterThanOrEqual(0.97);
    expect(exact['phone']).toBeGreaterThanOrEqual(0.97);
  });
});

test('judge: a wrong value, a missing one and one too many are not exact', () => {
  const given = { now: '2026-11-23T09:00:00', zone: 'UTC', source: 'here' };
  expect(judge({ ...given, kind: 'time', text: 'tomorrow', expected: '2026-11-25' }).exact).toBe(false);
  expect(judge({ ...given, kind: 'phone', text: 'three oh three', expected: '+13035550123' }).exact).toBe(false);
  expect(judge({ ...given, kind: 'money', text: 'ten dollars', expected: null }).exact).toBe(false);
  expect(judge({ ...given, kind: 'time', text: 'tomorrow', expected: '2026-11-24' }).exact).toBe(true);
  expect(judge({ ...given, kind: 'time', text: '2 pm tomorrow', expected: '2026-11-24T14:00:00Z' }).exact).toBe(true);
});
