import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetUpError } from './set-up-error.mjs';
import { installSystemPackages } from './system-packages.mjs';

const programs = ['baresip', 'sipp', 'kamailio', 'kamcmd'];

function missing() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/** The telephones that the end-to-end tests call with: a softphone, and a generator of SIP traffic. */
export async function installTelephones() {
  if (missing().length === 0) return;
  await installSystemPackages({
    purpose: 'the telephones that tests call with',
    packages: ['baresip-core', 'sip-tester', 'kamailio', 'kamailio-tls-modules'],
    elsewhere: 'baresip 1 or later, sipp 3.6 or later, and Kamailio 5.6 or later with its TLS module',
  });
  const still = missing();
  if (still.length > 0)
    throw new SetUpError(`The telephones were installed, but these are not on the path: ${still.join(', ')}.`);
}
