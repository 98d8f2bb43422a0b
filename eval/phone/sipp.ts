import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SippRun {
  /** One of its own scenarios, as `uac`, or a file of this folder. */
  readonly scenario: string;
  readonly port: number;
  /** The user part of what it calls. */
  readonly service: string;
  readonly args?: readonly string[];
}

/** Runs Debian's sipp against a port of the loopback. Rejects, with what it says is wrong, unless every call went as its scenario has it. */
export async function runSipp({ scenario, port, service, args = [] }: SippRun): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sipp-'));
  const source = scenario.endsWith('.xml') ? ['-sf', join(import.meta.dirname, 'sipp', scenario)] : ['-sn', scenario];
  const common = ['-i', '127.0.0.1', '-nostdin', '-timeout', '60s', '-timeout_error', '-trace_err', '-s', service];
  const command = [`127.0.0.1:${port}`, ...source, ...common, ...args];
  try {
    await run('sipp', command, { cwd: folder, timeout: 70_000, maxBuffer: 20_000_000 });
  } catch (cause) {
    throw new Error(`sipp ${scenario}: ${await errorsOf(folder)}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function errorsOf(folder: string): Promise<string> {
  const logs = (await readdir(folder)).filter((file) => file.endsWith('_errors.log'));
  const texts = await Promise.all(logs.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.join('\n').slice(0, 4_000);
}
