import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildWorker } from './mediasoup/build.mjs';
import { downloadWorker } from './mediasoup/download.mjs';
import { withLock } from './lock.mjs';
import { cacheDir, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { SetUpError } from './set-up-error.mjs';

/** mediasoup-worker's answer to a start without its channel: it runs on this machine. */
const runsExitCode = 41;

export function mediasoupVersion() {
  /** @type {{ version: string }} */
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', 'mediasoup', 'package.json'), 'utf8'));
  return manifest.version;
}

/** Where the worker's binary is, or will be after the set-up. */
export function workerBinaryPath() {
  if (process.env.MEDIASOUP_WORKER_BIN) return process.env.MEDIASOUP_WORKER_BIN;
  const build = `${mediasoupVersion()}-${process.platform}-${process.arch}`;
  return join(cacheDir(), 'mediasoup-worker', build, 'mediasoup-worker');
}

/** @param {string} binary */
export function workerRuns(binary) {
  return spawnSync(binary, { env: {}, stdio: 'ignore', timeout: 10_000 }).status === runsExitCode;
}

/**
 * Gets mediasoup's native worker into the user's cache: mediasoup's prebuilt one where it can be
 * fetched and runs here, else one built from the package's source.
 */
export async function installMediasoupWorker() {
  const binary = workerBinaryPath();
  if (process.env.MEDIASOUP_WORKER_BIN) {
    if (workerRuns(binary)) return;
    throw new SetUpError(
      `MEDIASOUP_WORKER_BIN is ${binary}, which is no mediasoup-worker that runs here. Correct it, or unset it to have one made.`,
    );
  }
  if (existsSync(binary) && workerRuns(binary)) return;
  await mkdir(dirname(binary), { recursive: true });
  await withLock(`${dirname(binary)}.lock`, 'Waiting for another set-up to build the media worker', async () => {
    if (existsSync(binary) && workerRuns(binary)) return;
    const work = await mkdtemp(join(tmpdir(), 'parley-mediasoup-'));
    const clean = () => rmSync(work, { recursive: true, force: true });
    process.once('exit', clean);
    try {
      const made = await makeWorker(work);
      // Copied beside its place first: a rename is whole or not at all, but only within one disk.
      const draft = `${binary}.${process.pid}`;
      await copyFile(made, draft);
      await chmod(draft, 0o755);
      await rename(draft, binary);
    } finally {
      process.off('exit', clean);
      clean();
    }
  });
}

/** @param {string} work */
async function makeWorker(work) {
  const fetched = join(work, 'mediasoup-worker');
  const got = await showProgress('Fetching the media worker', () => downloadWorker(mediasoupVersion(), work));
  if (got && workerRuns(fetched)) return fetched;
  const built = await buildWorker(join(root, 'node_modules', 'mediasoup', 'worker'), work);
  if (!workerRuns(built)) throw new SetUpError(`The media worker was built but does not run on this machine: ${built}`);
  return built;
}
