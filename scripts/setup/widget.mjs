import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { root, runtimePath } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { hashSources } from './source-hash.mjs';

const sources = ['widget', 'contract', 'demo/site', 'vite.config.ts', 'package-lock.json'];
const stamp = join(root, 'dist', '.sources');

/** Builds the widget and the demo's pages, unless they were built from just these sources. */
export async function buildWidget() {
  const hash = await hashSources(root, sources);
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === hash && existsSync(join(root, 'dist', 'widget')) && existsSync(join(root, 'dist', 'demo'))) return;
  await showProgress('Building the widget and the demo site', () =>
    runCommand(runtimePath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'], { cwd: root }),
  );
  await writeFile(stamp, hash);
}
