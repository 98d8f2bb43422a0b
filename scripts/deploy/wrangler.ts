import { spawn } from 'node:child_process';
import { SetUpError } from '../setup/set-up-error.mjs';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `wrangler` with these arguments. Replaced by tests. */
export type RunWrangler = (args: readonly string[]) => Promise<CommandResult>;

/** The wrangler of this repository's lockfile. Its output is kept, not shown. */
export const runWrangler: RunWrangler = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn('npx', ['--no-install', 'wrangler', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: '1', NO_COLOR: '1' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });

/** Its output, or what it says went wrong. */
export async function wrangler(run: RunWrangler, args: readonly string[], action: string): Promise<string> {
  return outputOf(await run(args), args, action);
}

export function outputOf({ code, stdout, stderr }: CommandResult, args: readonly string[], action: string): string {
  if (code === 0) return stdout;
  const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
  throw new SetUpError(`Cannot ${action}: "wrangler ${args.join(' ')}" failed.\n${tail}`);
}
