import { describe, expect, test } from 'vitest';
import { BandExtension } from './band-extension.ts';
import { levelOf } from './frame.ts';
import { highBands } from './high-band-model.ts';
import { logPowers, spectrumOf } from './speech-spectrum.ts';

const rateHz = 8_000;
const tone = (hz: number, ms: number, level = 4_000): Int16Array =>
  Int16Array.from({ length: ms * 8 }, (_, index) => Math.round(level * Math.sin((2 * Math.PI * hz * index) / rateHz)));
/** White noise, less its slow parts: the hiss of an "s" as far as a telephone carries it. */
function hissing(ms: number, level: number): Int16Array {
  let state = 1;
  let last = 0;
  return Int16Array.from({ length: ms * 8 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const value = (state / 2 ** 31 - 1) * level;
    const high = value - last;
    last = value;
    return Math.round(high);
  });
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** A vowel's first harmonics, now and then interrupted, so that there is speech to get used to. */
const vowel = (ms: number): Int16Array => {
  const harmonics = [120, 240, 480, 720, 1_200, 2_400].map((hz, index) => tone(hz, ms, 3_000 / (index + 1)));
  return Int16Array.from({ length: ms * 8 }, (_, at) =>
    harmonics.reduce((sum, harmonic) => sum + (harmonic[at] ?? 0), 0),
  );
};

const highLevel = (samples: Int16Array, atMs: number): number => {
  const bands = logPowers(spectrumOf(Float64Array.from(samples), atMs * 16), highBands.slice(2));
  return bands.reduce((sum, value) => sum + value, 0) / bands.length;
};

describe('BandExtension', () => {
  test('gives two samples for each one, however the stream is cut', () => {
    const sound = joined(vowel(300), hissing(200, 1_500), vowel(100));
    const whole = new BandExtension().push(sound);
    expect(whole).toHaveLength(2 * sound.length);
    const pieces = new BandExtension();
    const parts: Int16Array[] = [];
    for (let start = 0, length = 1; start < sound.length; start += length, length = (length * 7) % 211)
      parts.push(pieces.push(sound.subarray(start, start + length)));
    expect(joined(...parts)).toEqual(whole);
  });

  test('a hiss gets back the part that the line cut off, a vowel does not', () => {
    const out = new BandExtension().push(joined(vowel(600), hissing(300, 2_000), vowel(300)));
    // What comes out is 32 ms late.
    expect(highLevel(out, 600 + 32 + 150)).toBeGreaterThan(highLevel(out, 300 + 32) + 2);
  });

  test('a quiet caller comes out as loud as a loud one', () => {
    const levels = [0.25, 1].map((gain) => {
      const out = new BandExtension().push(vowel(3_000).map((sample) => Math.round(gain * sample)));
      return levelOf(out.subarray(40_000));
    });
    expect((levels[0] ?? 0) / (levels[1] ?? 1)).toBeGreaterThan(0.7);
    expect((levels[0] ?? 0) / (levels[1] ?? 1)).toBeLessThan(1.4);
  });

  test('silence stays silent, and noise below speech is not blown up', () => {
    expect(new BandExtension().push(new Int16Array(4_000)).every((sample) => sample === 0)).toBe(true);
    expect(levelOf(new BandExtension().push(hissing(500, 3)))).toBeLessThan(20);
  });

  test('full-scale sound stays within 16 bits', () => {
    const out = new BandExtension().push(tone(1_000, 400, 32_767));
    expect(levelOf(out)).toBeGreaterThan(0);
    expect(out).toHaveLength(6_400);
  });
});
