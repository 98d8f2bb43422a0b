import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { showProgress } from './progress.mjs';

const pollMs = 500;

/**
 * Runs `work` while no other process does, by a file that only one can make. A lock whose owner
 * is gone is taken over.
 *
 * @template T
 * @param {string} path
 * @param {string} waitTitle
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, waitTitle, work) {
  await mkdir(dirname(path), { recursive: true });
  if (!(await takeLock(path))) {
    await showProgress(waitTitle, async () => {
      while (!(await takeLock(path))) await delay(pollMs);
    });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Takes the lock if nobody who lives holds it. The file holds its owner's process id.
 *
 * @param {string} path
 * @returns {Promise<boolean>}
 */
export async function takeLock(path) {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, String(process.pid));
  try {
    // The lock appears with its owner's number inside, or not at all.
    await link(draft, path);
    return true;
  } catch {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid === 0 || isAlive(pid)) return false;
    await rm(path, { force: true });
    return link(draft, path).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
