import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ActivePlaybooks } from './active-playbooks.ts';

const hash = 'a'.repeat(64);
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-active-'))));
afterEach(async () => await rm(folder, { recursive: true }));

const up = { activePlaybook: () => Promise.resolve({ hash }) };
const away = { activePlaybook: () => Promise.reject(new Error('The control plane is away')) };

test('while the control plane is away its last word counts, after a restart too', async () => {
  expect(await new ActivePlaybooks({ controlPlane: up, folder }).of('shop')).toBe(hash);
  expect(await new ActivePlaybooks({ controlPlane: away, folder }).of('shop')).toBe(hash);
});

test('a business that was never known has none', async () => {
  await expect(new ActivePlaybooks({ controlPlane: away, folder }).of('shop')).rejects.toThrow('is away');
});
