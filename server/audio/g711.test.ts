import { expect, test } from 'vitest';
import { decodeG711, encodeG711 } from './g711.ts';

const every = Int16Array.from({ length: 0x10000 }, (_, index) => index - 0x8000);
const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test.each(['PCMU', 'PCMA'] as const)('%s decodes what it encodes to the same byte', (law) => {
  const again = [...encodeG711(law, decodeG711(law, bytes))];
  // µ-law has two zeros, 0x7f and 0xff, that mean the same.
  expect(again.filter((byte, index) => byte !== index)).toEqual(law === 'PCMU' ? [0xff] : []);
});

test.each(['PCMU', 'PCMA'] as const)('%s is off by at most half a step, which grows with the level', (law) => {
  const back = decodeG711(law, encodeG711(law, every));
  // The steps double from 8 (µ) and 16 (A); the last one ends a little below the largest Int16.
  const worst = every.reduce((most, sample, index) => {
    const error = Math.abs(sample - (back[index] ?? 0));
    return Math.max(most, error / (Math.abs(sample) + 400));
  }, 0);
  expect(worst).toBeLessThan(0.04);
});

test('known values of G.711, tables 1a and 2a', () => {
  expect([...encodeG711('PCMU', Int16Array.of(0, -1, 32_767, -32_768))]).toEqual([0xff, 0x7f, 0x80, 0x00]);
  expect([...encodeG711('PCMA', Int16Array.of(0, -1, 32_767, -32_768))]).toEqual([0xd5, 0x55, 0xaa, 0x2a]);
  expect([...decodeG711('PCMU', Uint8Array.of(0x80, 0x00, 0xff, 0x7f))]).toEqual([32_124, -32_124, 0, 0]);
  expect([...decodeG711('PCMA', Uint8Array.of(0xaa, 0x2a, 0xd5, 0x55))]).toEqual([32_256, -32_256, 8, -8]);
});
