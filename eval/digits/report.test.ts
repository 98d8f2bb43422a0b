import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../dialogue/learn/random.ts';
import { encodeWav } from '../../server/audio/wav.ts';
import { DataError, readTakes, speakersOf } from './data.ts';
import { throughLine } from './line.ts';
import { Mouth } from './mouth.ts';
import { reportOf } from './report.ts';

const sound = (ms: number, value = 1_000): Int16Array => new Int16Array(ms * 8).fill(value);

describe('readTakes', () => {
  test('takes digit and speaker from the name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'takes-'));
    writeFileSync(join(folder, '7_ada_0.wav'), encodeWav({ sampleRateHz: 8_000, pcm: sound(100) }));
    const [take] = readTakes(folder);
    expect(take).toMatchObject({ digit: '7', speaker: 'ada' });
    expect(take?.samples).toHaveLength(800);
    expect(() => speakersOf(readTakes(folder))).toThrow('No speaker has said all ten digits.');
  });

  test('says what is wrong with a folder or a file', () => {
    expect(() => readTakes('/nowhere')).toThrow(DataError);
    const folder = mkdtempSync(join(tmpdir(), 'takes-'));
    expect(() => readTakes(folder)).toThrow('has no files named');
    writeFileSync(join(folder, '7_ada_0.wav'), encodeWav({ sampleRateHz: 16_000, pcm: sound(100) }));
    expect(() => readTakes(folder)).toThrow('is at 16000 Hz; 8,000 is needed.');
  });
});

describe('Mouth', () => {
  const takes = new Map(
    [...'0123456789'].map((digit) => [digit, [{ digit, speaker: 'ada', samples: sound(100) }]] as const),
  );

  test('pauses after area code and exchange, or not at all', () => {
    const grouped = new Mouth(takes, seeded(1)).say('3035550123', 'grouped');
    const tight = new Mouth(takes, seeded(1)).say('3035550123', 'without pauses');
    expect(tight).toHaveLength((10 * 100 + 350) * 8);
    expect(grouped.length).toBeGreaterThan(tight.length + 2 * 250 * 8);
  });

  test('the same seed says the same', () => {
    const say = (): Int16Array => new Mouth(takes, seeded(5)).say('303', 'grouped');
    expect(say()).toEqual(say());
  });
});

test('an old line takes away what is below 300 Hz', () => {
  const hum = Int16Array.from({ length: 4_000 }, (_, at) =>
    Math.round(4_000 * Math.sin((2 * Math.PI * 60 * at) / 8_000)),
  );
  const level = (samples: Int16Array): number => Math.max(...samples.subarray(1_000, 3_000));
  expect(level(throughLine(hum, 'flat'))).toBeGreaterThan(3_800);
  expect(level(throughLine(hum, 'old'))).toBeLessThan(200);
});

test('a wrong number does not count as taken, however it was confirmed', () => {
  const call = { speaker: 'ada', callerTurns: 8 };
  const report = reportOf({
    digits: [
      { speaker: 'ada', said: '3', heard: '3' },
      { speaker: 'ada', said: '3', heard: '8' },
    ],
    digitsOldLine: [],
    numbersGrouped: [],
    numbersWithoutPauses: [],
    withHelp: [
      { ...call, means: 'keypad' },
      { ...call, means: 'wrong' },
    ],
    byVoiceAlone: [
      { ...call, means: 'said, after corrections' },
      { ...call, means: 'not taken' },
      { ...call, means: 'said, no correction' },
      { ...call, means: 'said, no correction' },
    ],
  });
  expect(report.digitAccuracy).toBe(50);
  expect(report.digits.confusions).toEqual({ '3>8': 1 });
  expect(report.numberThroughDialogue).toBe(50);
  expect(report.numberThroughDialogueByVoiceAlone).toBe(75);
  expect(report.throughDialogue.withCallerIdAndKeypad.means).toEqual({ keypad: 1, wrong: 1 });
});
