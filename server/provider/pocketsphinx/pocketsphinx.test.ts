import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PocketSphinxFactory } from './pocketsphinx.ts';

test('several playbooks are prepared at once, in one folder', async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'parley-pocketsphinx-'));
  try {
    const keys = ['one', 'two', 'three', 'four', 'four'];
    await Promise.all(keys.map((key) => PocketSphinxFactory.prepare({ phrases: ['my roof leaks'], key, cacheFolder })));
    const written = new Set(keys.flatMap((key) => [`${key}.arpa`, `${key}.dict`]));
    expect((await readdir(cacheFolder)).toSorted()).toEqual([...written, 'telephone.mllr'].toSorted());
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
});
