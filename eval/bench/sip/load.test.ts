import { expect, test } from 'vitest';
import { readCounts, readResponseTimes } from './load.ts';

test("readCounts takes the last line of sipp's statistics", () => {
  const csv = [
    'StartTime;TotalCallCreated;FailedCall(P);FailedCall(C);Retransmissions(P);Retransmissions(C);',
    '2026-11-23;40;0;0;1;1;',
    '2026-11-23;100;1;2;0;3;',
    '',
  ].join('\n');
  expect(readCounts(csv)).toEqual({ calls: 100, retransmissions: 3, failed: 2 });
});

test('readCounts says what is missing', () => {
  expect(() => readCounts('StartTime;TotalCallCreated;\n1;2;\n')).toThrow('no "Retransmissions(C)"');
});

test('readResponseTimes takes one time of each line', () => {
  expect(readResponseTimes('Date_ms;response_time_ms;rtd_no\n1.2;12;1\n1.3;0;1\n')).toEqual([12, 0]);
});
