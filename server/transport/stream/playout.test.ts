import { expect, test } from 'vitest';
import { Playout } from './playout.ts';

function setUp() {
  let nowMs = 0;
  const playout = new Playout(() => nowMs);
  /** Sends 20 ms after 20 ms until a mark is due. */
  const sendToMark = (): string => {
    for (;;) {
      nowMs += 20;
      const mark = playout.sent();
      if (mark !== undefined) return mark;
    }
  };
  return { playout, sendToMark, wait: (ms: number) => void (nowMs += ms) };
}

test('the way to the ear is unknown until a mark is back, then it is what the mark took', () => {
  const { playout, sendToMark, wait } = setUp();
  const mark = sendToMark();
  expect(playout.delayMs).toBeUndefined();
  wait(130);
  playout.returned(mark);
  expect(playout.delayMs).toBe(130);
});

test('a mark that is overdue makes it longer, and those before a returned one count as returned', () => {
  const { playout, sendToMark, wait } = setUp();
  playout.returned(sendToMark());
  sendToMark();
  wait(500);
  expect(playout.delayMs).toBe(500);
  playout.returned(sendToMark());
  expect(playout.delayMs).toBe(0);
});

test('marks that come back because they were cleared say nothing', () => {
  const { playout, sendToMark, wait } = setUp();
  const first = sendToMark();
  wait(100);
  playout.returned(first);
  const second = sendToMark();
  playout.clear();
  playout.returned(second);
  playout.returned('never sent');
  expect(playout.delayMs).toBe(100);
});
