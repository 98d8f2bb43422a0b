import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../../dialogue/learn/random.ts';
import { levelOf } from '../frame.ts';
import { resample } from '../resampler.ts';
import { decodeWav } from '../wav.ts';
import { EchoCanceller } from './echo-canceller.ts';
import { overTwoWires } from './testing/two-wire-line.ts';

const data = join(import.meta.dirname, '../../../../shared/data/speech/sentences');
const frame = 160;

/** What is left of the line after the canceller, in as many samples. */
function leftOf(ours: Int16Array, line: Int16Array): Int16Array {
  const canceller = new EchoCanceller(1);
  const out: number[] = [];
  for (let at = 0; at + frame <= ours.length; at += frame) {
    canceller.said(ours.subarray(at, at + frame));
    out.push(...canceller.heard(line.subarray(at, at + frame)));
  }
  return Int16Array.from(out);
}

test('while we are silent, and over our voice on a silent line, everything passes as it came', () => {
  const random = seeded(1);
  const sound = Int16Array.from({ length: 16_000 }, () => 4_000 * (random() - 0.5));
  expect([...leftOf(new Int16Array(16_000), sound)]).toEqual([...sound]);
  const hiss = sound.map((sample) => sample / 500);
  expect([...leftOf(sound, hiss)]).toEqual([...hiss]);
});

describe.skipIf(!existsSync(data))('with real voices', () => {
  const load = (file: string, level: number): Int16Array => {
    const { pcm, sampleRateHz } = decodeWav(readFileSync(join(data, file)));
    const narrow = resample(pcm, sampleRateHz, 8_000);
    return narrow.map((sample) => (sample * level) / levelOf(narrow));
  };
  const agent = load('sense_and_sensibility_01_austen_64kb-0870.wav', 3_000);
  const nobody = new Int16Array(0);

  test.each([
    [-14, 20],
    [-14, 300],
    [-20, 120],
    [-30, 20],
    [-30, 250],
  ])('an echo at %i dB after %i ms: hardly any of it is left', (echoDb, delayMs) => {
    const line = overTwoWires(agent, nobody, { echoDb, delayMs, random: seeded(7) });
    const left = leftOf(agent, line);
    expect(left).toHaveLength(line.length);
    // The first syllable may get through.
    expect(levelOf(left.subarray(8_000)) / levelOf(line.subarray(8_000))).toBeLessThan(echoDb < -20 ? 0.35 : 0.1);
  });

  test('a caller over our voice passes, over an echo and over none: no later, and as loud', () => {
    const voice = load('sense_and_sensibility_01_austen_64kb-0930.wav', 1_500);
    const caller = new Int16Array(agent.length);
    caller.set(voice.subarray(0, 16_000), 24_000);
    for (const echoDb of [-14, -30, -90]) {
      const line = overTwoWires(agent, caller, { echoDb, delayMs: 100, random: seeded(7) });
      const left = leftOf(agent, line);
      const error = left.map((sample, n) => sample - (caller[n] ?? 0)).subarray(25_600, 40_000);
      expect(levelOf(error) / levelOf(caller.subarray(25_600, 40_000))).toBeLessThan(0.25);
    }
  });

  test('when the delay jumps, as by a lost packet, the echo is found again', () => {
    const line = overTwoWires(agent, nobody, { echoDb: -20, delayMs: 100, random: seeded(7) });
    line.copyWithin(24_160, 24_000);
    const left = leftOf(agent, line);
    expect(levelOf(left.subarray(28_000)) / levelOf(line.subarray(28_000))).toBeLessThan(0.15);
  });
});
