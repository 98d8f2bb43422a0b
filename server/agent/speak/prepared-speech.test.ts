import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { streamedSpeech } from './prepared-speech.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sound = (ms: number): Int16Array => new Int16Array(ms * 16).fill(2_000);

/** A stream that the test feeds. */
function tap() {
  const pieces: (() => Promise<Int16Array | undefined>)[] = [];
  const waiting: PromiseWithResolvers<Int16Array | undefined>[] = [];
  const signals: AbortSignal[] = [];
  const settle = (work: () => Promise<Int16Array | undefined>): void => {
    const next = waiting.shift();
    if (next) work().then(next.resolve, next.reject);
    else pieces.push(work);
  };
  return {
    signals,
    send: (samples: Int16Array) => settle(async () => samples),
    end: () => settle(async () => undefined),
    breakOff: () => settle(() => Promise.reject(new Error('cut'))),
    open: async function* (signal: AbortSignal): AsyncIterable<Int16Array> {
      signals.push(signal);
      for (;;) {
        const ready = pieces.shift();
        const next = Promise.withResolvers<Int16Array | undefined>();
        if (!ready) waiting.push(next);
        const samples = await (ready ? ready() : next.promise);
        if (!samples) return;
        yield samples;
      }
    },
  };
}

const flush = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('speech begins with its first 200 ms and grows to the end', async () => {
  const { open, send, end } = tap();
  const speech = streamedSpeech('one two', open);
  const begun = vi.fn();
  void speech.then(begun);
  send(sound(190));
  await flush();
  expect(begun).not.toHaveBeenCalled();
  send(sound(10));
  const { frames } = await speech;
  expect([frames.length, (await speech).state]).toEqual([10, 'growing']);
  send(sound(50));
  end();
  await (
    await speech
  ).settled;
  expect([frames.length, (await speech).state]).toEqual([13, 'whole']);
  expect((await speech).words.at(-1)?.endSample).toBe(13 * 320);
});

test('a short sentence begins when it is whole', async () => {
  const { open, send, end } = tap();
  send(sound(30));
  end();
  expect((await streamedSpeech('Yes', open)).state).toBe('whole');
});

test('a success without sound, or with silence only, is a failure', async () => {
  const [empty, silent] = [tap(), tap()];
  empty.end();
  await expect(streamedSpeech('Hello', empty.open)).rejects.toThrow('gave no sound');
  silent.send(new Int16Array(16_000));
  silent.end();
  await expect(streamedSpeech('Hello', silent.open)).rejects.toThrow('gave no sound');
});

test('a stream that breaks before its beginning rejects; after it, the speech is broken', async () => {
  const [early, late] = [tap(), tap()];
  early.send(sound(100));
  early.breakOff();
  await expect(streamedSpeech('Hello', early.open)).rejects.toThrow('cut');
  late.send(sound(300));
  late.breakOff();
  const speech = await streamedSpeech('Hello', late.open);
  await speech.settled;
  expect([speech.state, speech.frames.length]).toEqual(['broken', 15]);
});

test('a stream that stops coming is given up, and told so', async () => {
  const { open, send, signals } = tap();
  send(sound(300));
  const speech = await streamedSpeech('Hello', open);
  await vi.advanceTimersByTimeAsync(1_499);
  expect(speech.state).toBe('growing');
  await vi.advanceTimersByTimeAsync(1);
  expect(speech.state).toBe('broken');
  expect(signals[0]?.aborted).toBe(true);
});

test('a stream without an end is ended', async () => {
  const speech = await streamedSpeech('Hello', async function* () {
    for (;;) yield sound(1_000);
  });
  await speech.settled;
  expect([speech.state, speech.frames.length]).toEqual(['broken', 3_050]);
});
