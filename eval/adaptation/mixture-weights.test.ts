import { expect, test } from 'vitest';
import { mixtureWeights } from './mixture-weights.ts';

test('bytes of a sendump become weights that add up to 1', () => {
  const size = { streams: 1, densities: 2, senones: 2 };
  const header = Buffer.alloc(8);
  header.writeInt32LE(2, 0);
  header.writeInt32LE(2, 4);
  // The second senone's densities differ by 7 steps: e^-0.717.
  const file = mixtureWeights(Buffer.concat([Buffer.from('text'), header, Buffer.from([5, 0, 5, 7])]), size);
  const weights = Array.from({ length: 4 }, (_, index) => file.readFloatLE(file.length - 16 + 4 * index));
  expect(weights[0]).toBeCloseTo(0.5, 5);
  expect(weights[1]).toBeCloseTo(0.5, 5);
  expect(weights[2]).toBeCloseTo(0.672, 3);
  expect((weights[2] ?? 0) + (weights[3] ?? 0)).toBeCloseTo(1, 5);
  expect(() => mixtureWeights(Buffer.from([1, 2, 3, 4]), size)).toThrow('must end in 2 x 2 weights');
});
