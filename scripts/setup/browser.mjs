import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetUpError } from './set-up-error.mjs';
import { installSystemPackages } from './system-packages.mjs';

/** Chromium's path: `CHROMIUM_PATH`, or one on the path. */
export function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return candidates.find(existsSync);
}

/** The browser that the end-to-end tests and the benchmarks drive. */
export async function installBrowser() {
  if (findBrowser()) return;
  await installSystemPackages({
    purpose: 'Chromium',
    packages: ['chromium'],
    elsewhere: 'Chromium, or set CHROMIUM_PATH',
  });
  if (!findBrowser())
    throw new SetUpError('Chromium was installed, but no chromium is on the path. Set CHROMIUM_PATH to it.');
}
