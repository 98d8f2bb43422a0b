import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of the set-up failed. The message ends with where its whole output is. */
export class CommandError extends Error {
  /** @param {string} message @param {string} logFile */
  constructor(message, logFile) {
    super(message);
    this.name = 'CommandError';
    this.logFile = logFile;
  }
}

let logCount = 0;

/**
 * Runs a program to its end. Its output goes to a log that is kept only if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, timeoutMs?: number }} [options]
 */
export async function runCommand(command, args, { cwd, env, onLine, timeoutMs } = {}) {
  const logDir = join(tmpdir(), `parley-setup-${process.getuid?.() ?? 0}`);
  await mkdir(logDir, { recursive: true, mode: 0o700 });
  const logFile = join(logDir, `${process.pid}-${(logCount += 1)}-${command.replace(/.*\//, '')}.log`);
  const log = createWriteStream(logFile);
  log.write(`$ ${[command, ...args].join(' ')}\n`);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine?.(line);
    });
  }
  /** @type {string | undefined} */
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot be run (${error.message})`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `failed with exit code ${code}`),
    );
  });
  await new Promise((resolve) => log.end(() => resolve(undefined)));
  if (failure === undefined) {
    await rm(logFile, { force: true });
    return;
  }
  const tail = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
  throw new CommandError(`${command} ${failure}.\n${tail}\nThe whole log: ${logFile}`, logFile);
}
