import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, resolve } from 'node:path';
import { root, runtimePath } from './paths.mjs';

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs one of our programs on the Node 24 that came with the dependencies, hands signals on, and
 * ends as it ends.
 *
 * @param {string} file Relative to the checkout.
 * @param {readonly string[]} args
 * @returns {Promise<never>}
 */
export async function runOnRuntime(file, args) {
  const child = spawn(runtimePath, [resolve(root, file), ...args], {
    // The channel tells the program when this process is gone.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Programs that it starts by the name `node` get the same one.
    env: { ...process.env, PATH: `${dirname(runtimePath)}${delimiter}${process.env.PATH ?? ''}` },
  });
  watchNpm(() => child.kill('SIGTERM'));
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  const code = await new Promise((done) => {
    child.once('error', (error) => {
      process.stderr.write(`${runtimePath} cannot be run: ${error.message}\n`);
      done(1);
    });
    child.once('exit', (exitCode, signal) => done(signal ? 128 + constants.signals[signal] : exitCode));
  });
  process.exit(code);
}

/**
 * npm hands signals on, but not SIGKILL. When it is gone, this process has another parent.
 *
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}
