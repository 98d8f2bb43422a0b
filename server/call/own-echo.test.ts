import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../dialogue/learn/random.ts';
import { overTwoWires } from '../audio/echo/testing/two-wire-line.ts';
import { BandExtension } from '../audio/band-extension.ts';
import { levelOf } from '../audio/frame.ts';
import { type LineEar, RecognizerEar } from '../audio/line-ear.ts';
import { resample } from '../audio/resampler.ts';
import { decodeWav } from '../audio/wav.ts';
import { SileroModel } from '../provider/silero/silero.ts';
import { Hearing } from './hearing.ts';

const data = join(import.meta.dirname, '../../../shared/data/speech/sentences');
const frame = 160;
const callerAtMs = 3_000;

/** Without the canceller. */
class DeafToEchoes implements LineEar {
  readonly #band = new BandExtension();
  said(): void {}
  heard(samples: Int16Array): Int16Array {
    return this.#band.push(samples);
  }
}

describe.skipIf(!existsSync(data))('a line that echoes our own voice', () => {
  let silero: SileroModel;
  beforeAll(async () => void (silero = await SileroModel.load()));

  const load = (file: string, level: number): Int16Array => {
    const { pcm, sampleRateHz } = decodeWav(readFileSync(join(data, file)));
    const narrow = resample(pcm, sampleRateHz, 8_000);
    return narrow.map((sample) => (sample * level) / levelOf(narrow));
  };
  const agent = load('sense_and_sensibility_01_austen_64kb-0870.wav', 2_500).subarray(0, 40_000);
  const recording = load('vosk-test.wav', 1_500);
  // From where somebody speaks.
  const voice = recording.subarray(recording.findIndex((sample) => Math.abs(sample) > 1_000));

  /** When the agent, who is speaking all the time, would be stopped. Ms from the beginning. */
  async function interruptions(ear: LineEar, line: Int16Array): Promise<number[]> {
    let nowMs = 0;
    const starts: number[] = [];
    const nothing = { text: '', confidence: 0, alternatives: [] };
    const hearing = new Hearing({
      detector: silero.detector(),
      recognizer: {
        feed: () => undefined,
        partial: () => Promise.resolve(''),
        finish: () => Promise.resolve(nothing),
        discard: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      watch: { degraded: () => undefined, used: () => undefined },
      now: () => nowMs,
      completeness: () => 'unknown',
      agentSpeaking: () => true,
      listener: {
        speechStart: () => starts.push(nowMs),
        partial: () => undefined,
        preview: () => undefined,
        turnEnd: () => undefined,
        failed: (cause) => expect.unreachable(String(cause)),
      },
    });
    for (let at = 0; at + frame <= line.length; at += frame) {
      nowMs += 20;
      ear.said(agent.subarray(at, at + frame));
      await hearing.push(ear.heard(line.subarray(at, at + frame)));
    }
    await hearing.close();
    return starts;
  }

  const caller = new Int16Array(agent.length);
  caller.set(voice.subarray(0, 12_000), 8 * callerAtMs);

  test.each([
    [-14, 20],
    [-14, 300],
    [-20, 150],
    [-26, 80],
    [-30, 20],
    [-30, 300],
  ])('at %i dB after %i ms: the echo does not interrupt, a caller over it does', async (echoDb, delayMs) => {
    const line = { echoDb, delayMs, random: seeded(11) };
    const echo = overTwoWires(agent, new Int16Array(0), line);
    expect(await interruptions(new RecognizerEar(1), echo)).toEqual([]);
    const both = overTwoWires(agent, caller, { ...line, random: seeded(11) });
    const [first, ...more] = await interruptions(new RecognizerEar(1), both);
    expect(more.every((ms) => ms >= callerAtMs)).toBe(true);
    expect(first).toBeGreaterThanOrEqual(callerAtMs);
    expect(first).toBeLessThan(callerAtMs + 600);
  });

  test('without the canceller the same echo interrupts', async () => {
    const echo = overTwoWires(agent, new Int16Array(0), { echoDb: -20, delayMs: 150, random: seeded(11) });
    expect((await interruptions(new DeafToEchoes(), echo)).length).toBeGreaterThan(0);
  });
});
