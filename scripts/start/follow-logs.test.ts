import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followLogs } from './follow-logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-logs-'));
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

test('only what is logged from now on is told, whole lines, also after the log was put aside', async () => {
  const file = join(folder, 'media-node.log');
  await writeFile(file, 'yesterday\n');
  const lines: string[] = [];
  followLogs(folder, (line) => lines.push(line));
  vi.advanceTimersByTime(1_000);
  await appendFile(file, 'half ');
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual([]);
  await appendFile(file, 'a line\n');
  vi.advanceTimersByTime(1_000);
  await rename(file, join(folder, 'media-node.previous.log'));
  await writeFile(file, 'a new run\n');
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual(['[media-node] half a line', '[media-node] a new run']);
});
