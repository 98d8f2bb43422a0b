import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is worth keeping over checkouts, by user. */
export function cacheDir() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
}

/** The Node 24 that comes with the dependencies; everything after the set-up runs on it. */
export const runtimePath = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
