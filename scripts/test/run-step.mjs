import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { workerBinaryPath } from '../setup/mediasoup-worker.mjs';
import { root, runtimePath } from '../setup/paths.mjs';
import { showProgress } from '../setup/progress.mjs';
import { countDependencies, countExitCode, countVitest } from './counts.mjs';

/**
 * @typedef {import('./counts.mjs').Counts & { name: string, elapsedMs: number, output: string }} StepResult
 */

/**
 * Runs one step on the Node that comes with the dependencies.
 *
 * @param {import('./steps.mjs').TestStep} step
 * @returns {Promise<StepResult>}
 */
export async function runStep(step) {
  const startMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  try {
    const reportFile = join(folder, 'report.json');
    const [program = '', ...args] = step.command;
    const reporters =
      step.counts === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`] : [];
    const { exitCode, stdout, output } = await showProgress(step.name, () => run(program, [...args, ...reporters]));
    const counts = {
      'exit-code': () => countExitCode(exitCode),
      dependencies: () => countDependencies(stdout),
      vitest: (/** @type {string | undefined} */ report) => countVitest(report, exitCode),
    }[step.counts](await readFile(reportFile, 'utf8').catch(() => undefined));
    return {
      ...counts,
      name: step.name,
      elapsedMs: performance.now() - startMs,
      output: step.counts === 'dependencies' ? '' : output,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ exitCode: number | null, stdout: string, output: string }>}
 */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${dirname(runtimePath)}${delimiter}${process.env.PATH ?? ''}`,
        MEDIASOUP_WORKER_BIN: workerBinaryPath(),
        WRANGLER_SEND_METRICS: 'false',
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {string[]} */
    const stdout = [];
    /** @type {string[]} */
    const all = [];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout.push(text);
      all.push(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => all.push(text));
    /** @param {number | null} exitCode */
    const done = (exitCode) => resolve({ exitCode, stdout: stdout.join(''), output: all.join('') });
    child.once('error', (error) => {
      all.push(`${error.message}\n`);
      done(null);
    });
    child.once('close', (code) => done(code));
  });
}
