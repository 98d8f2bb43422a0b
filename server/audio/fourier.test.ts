import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fourier } from './fourier.ts';

test('a cosine is one bin and its twin', () => {
  const real = Float64Array.from({ length: 64 }, (_, index) => Math.cos((2 * Math.PI * 5 * index) / 64));
  const imaginary = new Float64Array(64);
  new Fourier(64).forward(real, imaginary);
  for (let bin = 0; bin < 64; bin += 1) expect(real[bin]).toBeCloseTo(bin === 5 || bin === 59 ? 32 : 0, 9);
});

test('the inverse undoes the transform', () => {
  const fourier = new Fourier(32);
  const values = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(values, (samples) => {
      const real = Float64Array.from(samples);
      const imaginary = new Float64Array(32);
      fourier.forward(real, imaginary);
      fourier.inverse(real, imaginary);
      for (const [index, sample] of samples.entries()) expect(real[index]).toBeCloseTo(sample, 6);
    }),
  );
});
