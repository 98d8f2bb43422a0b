import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

test.each([
  ['--help', 0],
  ['-h', 0],
  ['', 2],
  ['nothing-of-the-kind', 2],
])('npm run eval -- %s names the evals and ends with %i', (name, code) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...(name === '' ? [] : [name])], {
    encoding: 'utf8',
  });
  expect(status).toBe(code);
  expect(code === 0 ? stdout : stderr).toContain('answerers, band');
});
