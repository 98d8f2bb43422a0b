import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startStack } from './stack.ts';

const running = new Set<object>();
let whileWriting = (): void => {};

vi.mock('./managed-process.ts', () => ({
  ManagedProcess: class {
    async start(): Promise<void> {
      running.add(this);
    }
    async stop(): Promise<void> {
      running.delete(this);
    }
  },
}));
vi.mock('./seed.ts', () => ({ compileFolder: async () => ({}), seedBusiness: async () => {} }));
vi.mock('./placeable.ts', () => ({ isPlaceable: async () => true }));
vi.mock('./address.ts', () => ({ writeAddress: async () => whileWriting() }));

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-stack-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

test('startStack gives the data folder back when it cannot begin', async () => {
  await writeFile(join(dataDir, 'secrets.json'), 'not JSON');
  await expect(startStack({ dataDir })).rejects.toThrow('is damaged');
  expect(await readdir(dataDir)).not.toContain('lock');
});

test('startStack ends what it has started when it is aborted at the last moment', async () => {
  const ending = new AbortController();
  whileWriting = () => {
    expect(running.size).toBe(3);
    ending.abort(new Error('Ctrl-C'));
  };
  await expect(startStack({ dataDir, signal: ending.signal })).rejects.toThrow('Ctrl-C');
  expect(running.size).toBe(0);
  expect(await readdir(dataDir)).not.toContain('lock');
});
