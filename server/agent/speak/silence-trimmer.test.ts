import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SilenceTrimmer } from './silence-trimmer.ts';

const quiet = (count: number): number[] => Array.from({ length: count }, (_, n) => n % 100);
const loud = (count: number): number[] => Array.from({ length: count }, () => 5_000);

function trim(samples: readonly number[], sizes: readonly number[]): number[] {
  const trimmer = new SilenceTrimmer();
  const out: number[] = [];
  let at = 0;
  for (const size of [...sizes, samples.length]) {
    out.push(...trimmer.push(Int16Array.from(samples.slice(at, at + size))));
    at += size;
  }
  return [...out, ...trimmer.flush()];
}

test('silence at the ends goes but for 10 ms, silence inside stays, however the stream is cut', () => {
  const samples = [...quiet(3_000), ...loud(500), ...quiet(2_000), ...loud(300), ...quiet(4_000)];
  const expected = samples.slice(3_000 - 160, 3_000 + 500 + 2_000 + 300 + 160);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 12 }), (sizes) => {
      expect(trim(samples, sizes)).toEqual(expected);
    }),
  );
});

test('a stream of nothing but silence is nothing', () => {
  expect(trim(quiet(5_000), [10, 1_000])).toEqual([]);
});
