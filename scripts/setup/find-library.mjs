import { existsSync } from 'node:fs';
import { join } from 'node:path';

const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const folders = ['/usr/lib', '/usr/local/lib', '/usr/lib64', '/lib'];

/**
 * Where a shared library lies among the loader's usual folders. Looked for by name, since starting
 * `ldconfig` would cost every start several milliseconds and is not on every user's path.
 *
 * @param {string} name As `libflite.so.1`.
 */
export function findLibrary(name) {
  const multiarch = process.arch === 'x64' || process.arch === 'arm64' ? `/usr/lib/${triplet[process.arch]}` : '';
  const extra = (process.env.LD_LIBRARY_PATH ?? '').split(':');
  return [...extra, multiarch, ...folders]
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(existsSync);
}
