import { expect, test } from 'vitest';
import { frameSamples, levelOf, silentFrame, toFrames } from './frame.ts';
import { OpusDecoder, OpusEncoder } from './opus.ts';

const tone = Int16Array.from(
  { length: 50 * frameSamples },
  (_, n) => 8_000 * Math.sin((2 * Math.PI * 440 * n) / 16_000),
);

test('speech survives the codec with its level', () => {
  const encoder = new OpusEncoder();
  const decoder = new OpusDecoder();
  const back = toFrames(tone).map((frame) => decoder.decode(encoder.encode(frame)));
  expect(back.every((frame) => frame.length === frameSamples)).toBe(true);
  const level = levelOf(back[25] ?? silentFrame);
  expect(level / levelOf(tone)).toBeCloseTo(1, 1);
});

test('a frame is encoded once, for all calls', () => {
  expect(new OpusEncoder().encode(silentFrame)).toBe(new OpusEncoder().encode(silentFrame));
});

test('a frame of the wrong length is refused with both lengths', () => {
  expect(() => new OpusEncoder().encode(new Int16Array(100))).toThrow('frames of 320 samples, got 100');
});
