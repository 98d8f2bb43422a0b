import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from './command.mjs';
import { root, runtimePath } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { SetUpError } from './set-up-error.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean }} LockedPackage */

/**
 * Whether what npm says it installed is what the lock asks for. Optional packages of other
 * platforms are rightly absent.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 */
export function matchesLock(locked, installed) {
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** @param {string} file @returns {Promise<Record<string, LockedPackage> | undefined>} */
async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Installs exactly what package-lock.json names, without running the packages' own install scripts. */
export async function installDependencies() {
  const locked = await readPackages(join(root, 'package-lock.json'));
  if (!locked)
    throw new SetUpError(
      `${join(root, 'package-lock.json')} is missing or damaged. Restore it: git checkout package-lock.json`,
    );
  // npm writes this list last, so an interrupted installation has none.
  const installed = await readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed && matchesLock(locked, installed) && existsSync(runtimePath)) return;
  await showProgress('Installing dependencies', () =>
    runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: envWithoutCheckout(),
    }),
  );
  if (!existsSync(runtimePath)) {
    throw new SetUpError(
      `Parley brings its own Node for Linux on x64 and arm64; this machine is ${process.platform} on ${process.arch}.`,
    );
  }
}

/**
 * `npm start` puts the checkout's own programs first on the path; npm must not run on the one that
 * it is about to replace. Nor may settings of the outer npm leak into the inner one.
 */
function envWithoutCheckout() {
  const bin = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dir.startsWith(bin));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(?:registry|cache|userconfig|globalconfig|prefix)$)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
