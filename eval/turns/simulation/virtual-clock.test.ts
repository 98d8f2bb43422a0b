import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

test('timers run in order, at their time, and not when they were called off', async () => {
  const clock = new VirtualClock(1_000);
  const ran: string[] = [];
  const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
  clock.after(30, note('late'));
  clock.after(10, () => {
    note('early')();
    clock.after(5, note('set by it'));
  });
  clock.after(20, note('never'))();
  await clock.advanceTo(1_020);
  expect(ran).toEqual(['early at 1010', 'set by it at 1015']);
  await clock.advanceTo(1_100);
  expect(ran.at(-1)).toBe('late at 1030');
  expect(clock.now()).toBe(1_100);
});

test('work takes as long as it kept the processor busy, and waiting is free', async () => {
  const clock = new VirtualClock(0);
  const done: number[] = [];
  const busy = () => {
    const start = process.cpuUsage();
    let used;
    do used = process.cpuUsage(start);
    while (used.user + used.system < 20_000);
    return Promise.resolve();
  };
  void clock.work(busy).then(() => done.push(clock.nowMs));
  await clock.advanceTo(10);
  expect(done).toEqual([]);
  await clock.advanceTo(1_000);
  expect(done[0]).toBeGreaterThanOrEqual(20);
});

test('work that fails does not stop the clock', async () => {
  const clock = new VirtualClock(0);
  const failed = clock.work(() => Promise.reject(new Error('broken'))).catch(String);
  await clock.advanceTo(100);
  expect(await failed).toBe('Error: broken');
  expect(clock.now()).toBe(100);
});
