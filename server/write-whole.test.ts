import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

test('writers at the same moment leave one whole file and no draft, also where a write fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-write-whole-'));
  try {
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(10_000));
    await Promise.all(texts.map((text) => writeWhole(join(folder, 'file'), text)));
    expect(texts).toContain(await readFile(join(folder, 'file'), 'utf8'));
    // A folder stands where the file should be.
    await mkdir(join(folder, 'taken'));
    await expect(writeWhole(join(folder, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect((await readdir(folder)).toSorted()).toEqual(['file', 'taken']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
