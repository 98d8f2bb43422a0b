import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashSources } from './source-hash.mjs';

test('hashSources changes with contents, names and files, and with nothing else', async () => {
  const base = await mkdtemp(join(tmpdir(), 'parley-hash-'));
  const hash = () => hashSources(base, ['widget', 'vite.config.ts']);
  await mkdir(join(base, 'widget', 'call'), { recursive: true });
  await writeFile(join(base, 'widget', 'call', 'a.ts'), '1');
  await writeFile(join(base, 'vite.config.ts'), 'x');
  const first = await hash();
  await writeFile(join(base, 'README.md'), 'not a source');
  expect(await hash()).toBe(first);
  await writeFile(join(base, 'widget', 'call', 'a.ts'), '2');
  const second = await hash();
  expect(second).not.toBe(first);
  await rename(join(base, 'widget', 'call', 'a.ts'), join(base, 'widget', 'call', 'b.ts'));
  expect(await hash()).not.toBe(second);
  await writeFile(join(base, 'widget', 'call', 'a.ts'), '1');
  await rm(join(base, 'widget', 'call', 'b.ts'));
  expect(await hash()).toBe(first);
  await rm(base, { recursive: true });
});
