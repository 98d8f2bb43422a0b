import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameQueue } from './frame-queue.ts';

const ramp = (from: number, count: number): Int16Array => Int16Array.from({ length: count }, (_, n) => from + n);

test('pieces of any length come out in frames, in order and without a hole, two frames later', () => {
  const queue = new FrameQueue();
  const out: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    queue.push(ramp(n * 200 + 1, 200));
    if (n % 2 === 1) out.push(...queue.take());
  }
  const heard = out.filter((sample) => sample !== 0);
  expect(heard.slice(0, 640)).toEqual([...ramp(1, 640)]);
});

test('who has nothing to say is heard as silence, and what comes too fast is not heard late', () => {
  const queue = new FrameQueue();
  expect(queue.take()).toEqual(new Int16Array(320));
  queue.push(ramp(1, 8_000));
  const frames = Array.from({ length: 9 }, () => queue.take());
  expect(frames[0]?.[0]).toBe(8_000 - 8 * 320 + 1);
  expect(frames[8]).toEqual(new Int16Array(320));
});

test('any pieces at any pace: never more than eight frames wait, and nothing is played twice', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 4_000 }), fc.constant('take' as const))), (steps) => {
      const queue = new FrameQueue();
      let next = 1;
      let last = 0;
      for (const step of steps) {
        if (step === 'take') {
          for (const sample of queue.take()) {
            if (sample === 0) continue;
            expect(sample).toBeGreaterThan(last);
            last = sample;
          }
        } else if (next + step < 32_000) {
          queue.push(ramp(next, step));
          next += step;
        }
      }
    }),
    { numRuns: 100 },
  );
});
