import { beforeEach, expect, test, vi } from 'vitest';
import type { Recognizer } from '../agent/listen/recognizer.ts';
import { windowSamples } from '../agent/listen/voice-activity.ts';
import { Timeline } from '../record/timeline.ts';
import { CallerRedaction } from './caller-redaction.ts';
import { Ears } from './ears.ts';
import type { Recorder } from './recorder.ts';

const startMs = 1_000_000;
let nowMs = startMs;
beforeEach(() => void (nowMs = startMs));

/** A recorded call whose caller says this. Resolves with the caller's level in each 20 ms of the recording. */
async function callersSound(words: string | Error): Promise<number[]> {
  const levels: number[] = [];
  const timeline = new Timeline(startMs, (stereo) => levels.push(stereo[100] ?? 0));
  const recording = {
    caller: (samples: Int16Array) => timeline.caller(samples),
    callerBegan: (fromMs: number) => timeline.hold(fromMs),
    callerJudged: () => timeline.letGo(),
    mute: (fromMs: number, toMs: number) => timeline.mute(fromMs, toMs),
  };
  const recognizer: Recognizer = {
    feed: () => undefined,
    partial: () => Promise.resolve(''),
    finish: () =>
      words instanceof Error
        ? Promise.reject(words)
        : Promise.resolve({ text: words, confidence: 1, alternatives: [] }),
    discard: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const recorder = { add: () => undefined } as unknown as Recorder;
  const redaction = new CallerRedaction(recorder, recording);
  const ended = vi.fn();
  const ears = new Ears({
    recognizers: { create: () => Promise.resolve(recognizer) },
    interjections: { create: () => Promise.resolve(recognizer) },
    watch: { degraded: () => undefined, used: () => undefined },
    detector: () => ({ probability: (window) => Promise.resolve((window[0] ?? 0) > 0 ? 1 : 0) }),
    now: () => nowMs,
    guard: (_, work) => void work(),
    voice: { speaking: false },
    completeness: () => 'complete',
    listener: {
      speechStart: () => undefined,
      partial: () => undefined,
      preview: () => undefined,
      turnEnd: (turn) => {
        ended();
        redaction.heard(turn);
      },
      hearingFailed: ended,
    },
    recording,
  });
  await Promise.resolve();
  const windowMs = (windowSamples * 1_000) / 16_000;
  const say = async (ms: number, level: number): Promise<void> => {
    for (let said = 0; said < ms; said += windowMs) {
      nowMs += windowMs;
      ears.push(new Int16Array(windowSamples).fill(level));
      timeline.tick(nowMs);
      // A window's way through detector and recogniser.
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
    }
  };
  await say(1_280, 0);
  await say(1_600, 5_000);
  await say(2_560, 0);
  expect(ended).toHaveBeenCalled();
  timeline.end(nowMs);
  timeline.drain(10_000);
  await ears.close();
  return levels;
}

test('what a caller says is in the recording', async () => {
  expect(Math.max(...(await callersSound('i need a new roof')))).toBe(5_000);
});

test('a secret is not', async () => {
  expect(Math.max(...(await callersSound('my pin is one two three four')))).toBe(0);
});

test('words that nobody could make out may have been one', async () => {
  expect(Math.max(...(await callersSound(new Error('The recogniser broke'))))).toBe(0);
});
