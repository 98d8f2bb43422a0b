import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { runCommand } from './command.mjs';
import { showProgress } from './progress.mjs';
import { SetUpError } from './set-up-error.mjs';

const listsDir = '/var/lib/apt/lists';
const listsStaleMs = 24 * 60 * 60 * 1_000;

/**
 * @typedef {object} SystemNeed
 * @property {string} purpose As in "the speech engines".
 * @property {readonly string[]} packages Debian's names.
 * @property {string} elsewhere What to install on other systems, for a person.
 */

/**
 * Which of these Debian packages are not installed.
 *
 * @param {readonly string[]} packages
 */
export function missingPackages(packages) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${binary:Package} ${db:Status-Abbrev}\n', ...packages], {
    encoding: 'utf8',
  });
  const installed = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => / ii/.test(line))
      .map((line) => line.replace(/[: ].*/, '')),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * The commands that install the packages, as a person would type them.
 *
 * @param {readonly string[]} packages
 * @param {{ sudo: boolean }} options
 */
export function describeInstall(packages, { sudo }) {
  const prefix = sudo ? 'sudo ' : '';
  return `${prefix}apt-get update && ${prefix}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs what is missing of a need, as far as this user may. As root at once; with sudo after
 * asking; otherwise it throws the command to run.
 *
 * @param {SystemNeed} need
 */
export async function installSystemPackages({ purpose, packages, elsewhere }) {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new SetUpError(
      `Parley needs ${purpose}, and knows how to install them on Debian and Ubuntu only. Install: ${elsewhere}.`,
    );
  }
  const missing = missingPackages(packages);
  const wanted = missing.length > 0 ? missing : packages;
  if (process.getuid?.() === 0) {
    await aptGet(purpose, wanted, { sudo: false });
    return;
  }
  const command = describeInstall(wanted, { sudo: true });
  const mayAsk = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI && hasSudo();
  if (!mayAsk || !(await ask(`Parley needs ${purpose}. May it run this?\n\n  ${command}\n\n[y/N] `))) {
    throw new SetUpError(`Parley needs ${purpose}. Install them, then start again:\n\n  ${command}\n`);
  }
  // Asks for the password now, while nothing else writes to the terminal.
  if (spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status !== 0) {
    throw new SetUpError(`sudo was refused. Have an administrator run this, then start again:\n\n  ${command}\n`);
  }
  await aptGet(purpose, wanted, { sudo: true });
}

/** @param {string} purpose @param {readonly string[]} packages @param {{ sudo: boolean }} options */
async function aptGet(purpose, packages, { sudo }) {
  /** @param {readonly string[]} args @param {(detail: string) => void} report */
  const run = (args, report) => {
    // `sudo` drops the environment, so the setting goes through `env`.
    const line = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
    const [command = '', ...rest] = sudo ? ['sudo', '-n', ...line] : line;
    return runCommand(command, rest, {
      onLine: (text) => {
        const unpacked = /^(?:Unpacking|Setting up) (\S+)/.exec(text);
        if (unpacked?.[1]) report(unpacked[1]);
      },
    });
  };
  try {
    await showProgress(`Installing ${purpose}`, async (report) => {
      const update = () => {
        report('apt-get update');
        return run(['update'], report);
      };
      const install = () => run(['install', '-y', '--no-install-recommends', ...packages], report);
      if (listsAreStale()) {
        await update();
        await install();
      } else {
        // Lists of yesterday may name files that the mirror has replaced since.
        await install().catch(() => update().then(install));
      }
    });
  } catch (error) {
    throw new SetUpError(
      `Could not install ${purpose}.\n${error instanceof Error ? error.message : String(error)}\n\nTry it by hand:\n\n  ${describeInstall(packages, { sudo })}\n`,
      { cause: error },
    );
  }
}

function listsAreStale() {
  try {
    const lists = readdirSync(listsDir).filter((name) => name.includes('_Packages') || name.endsWith('Release'));
    const newestMs = Math.max(0, ...lists.map((name) => statSync(`${listsDir}/${name}`).ctimeMs));
    return Date.now() - newestMs > listsStaleMs;
  } catch {
    return true;
  }
}

function hasSudo() {
  return spawnSync('sudo', ['-V'], { stdio: 'ignore' }).status === 0;
}

/** @param {string} question */
async function ask(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
