import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';

const timeoutMs = 20_000;

/**
 * Fetches the worker that mediasoup's authors built for this platform, from where mediasoup's own
 * installer would. An expected outcome is that there is none, or that the place cannot be reached.
 *
 * @param {string} version
 * @param {string} folder Receives `mediasoup-worker`.
 * @returns {Promise<boolean>}
 */
export async function downloadWorker(version, folder) {
  const base =
    process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ??
    'https://github.com/versatica/mediasoup/releases/download';
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  const url = `${base}/${version}/mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
  const archive = join(folder, 'worker.tgz');
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return false;
    await writeFile(archive, new Uint8Array(await response.arrayBuffer()));
  } catch {
    return false;
  }
  return spawnSync('tar', ['-xzf', archive, '-C', folder], { stdio: 'ignore' }).status === 0;
}
