import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * One hash over files and folders, names and contents, in a fixed order. What is absent counts as absent.
 *
 * @param {string} base
 * @param {readonly string[]} paths Relative to `base`.
 * @returns {Promise<string>} SHA-256, hex.
 */
export async function hashSources(base, paths) {
  const files = (await Promise.all(paths.map((path) => listFiles(join(base, path))))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  files.forEach((file, index) => {
    const content = contents[index] ?? new Uint8Array();
    hash.update(`${relative(base, file)}\0${content.length}\0`).update(content);
  });
  return hash.digest('hex');
}

/** @param {string} path @returns {Promise<string[]>} */
async function listFiles(path) {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return (await Promise.all(names.map((name) => listFiles(join(path, name))))).flat();
}
