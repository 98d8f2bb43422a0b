import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock, withLock } from './lock.mjs';

/** Above the largest process id that Linux gives out. */
const nobody = 5_000_000;
let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'parley-lock-')), 'lock');
});
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }));

test('takeLock: one takes it, the next does not', async () => {
  expect(await takeLock(path)).toBe(true);
  expect(await takeLock(path)).toBe(false);
  expect(await readFile(path, 'utf8')).toBe(String(process.pid));
});

test('takeLock: the lock of a process that is gone is taken over', async () => {
  await writeFile(path, String(nobody));
  expect(await takeLock(path)).toBe(true);
});

test('withLock: works one after the other, and gives the lock back after an error', async () => {
  await expect(withLock(path, 'Waiting', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const order: string[] = [];
  const one = withLock(path, 'Waiting', async () => {
    order.push('in');
    await readFile(path);
    order.push('out');
  });
  await one;
  await withLock(path, 'Waiting', async () => void order.push('in'));
  expect(order).toEqual(['in', 'out', 'in']);
});
