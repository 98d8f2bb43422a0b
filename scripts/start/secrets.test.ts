import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets, readSecrets } from './secrets.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'parley-secrets-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

test('the master key from before its replacement is kept, where there is one', async () => {
  const made = await loadSecrets(data);
  expect(made).not.toHaveProperty('MASTER_KEY_BEFORE');
  const MASTER_KEY_BEFORE = Buffer.alloc(32).toString('base64');
  await writeFile(join(data, 'secrets.json'), JSON.stringify({ ...made, MASTER_KEY_BEFORE }));
  expect(await loadSecrets(data)).toEqual({ ...made, MASTER_KEY_BEFORE });
});

test('secrets are made once and kept', async () => {
  expect(await readSecrets(data)).toBeUndefined();
  const made = await loadSecrets(data);
  expect(await loadSecrets(data)).toEqual(made);
  expect(new Set(Object.values(made)).size).toBe(5);
  expect(Buffer.from(made.CRM_SECRET.slice('whsec_'.length), 'base64')).toHaveLength(24);
});

test('an older installation gets the keys it lacks, and keeps the others', async () => {
  const { MASTER_KEY, ...older } = await loadSecrets(data);
  await writeFile(join(data, 'secrets.json'), JSON.stringify(older));
  const filled = await loadSecrets(data);
  expect(filled).toMatchObject(older);
  expect(filled.MASTER_KEY).not.toBe(MASTER_KEY);
  expect(await loadSecrets(data)).toEqual(filled);
});

test('only their owner may read them', async () => {
  await loadSecrets(join(data, 'new'));
  expect((await stat(join(data, 'new', 'secrets.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(data, 'new'))).mode & 0o777).toBe(0o700);
});

test('a damaged file is an error, never replaced', async () => {
  await writeFile(join(data, 'secrets.json'), '{"NODE_KEY":"short"}');
  await expect(loadSecrets(data)).rejects.toThrow('is damaged');
});
