import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Debian's sipp counted while it called. */
export interface LoadResult {
  /** Asked for. */
  readonly callsPerSecond: number;
  readonly calls: number;
  readonly retransmissions: number;
  readonly failed: number;
  readonly elapsedMs: number;
  /** From the INVITE to its 200, of every call. */
  readonly setupMs: readonly number[];
}

/** More calls than this at once: the stack is far behind, and so is the result. */
const mostAtOnce = 20_000;
const overtimeMs = 40_000;

/** INVITE, 180, 200, ACK, BYE, 200: as many calls, at that rate, from the cores that the stack does not have. */
export async function loadCalls(port: number, callsPerSecond: number, calls: number): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-load-'));
  const lengthMs = (calls / callsPerSecond) * 1_000;
  const options = {
    sn: 'uac',
    i: '127.0.0.1',
    s: 'answer',
    m: calls,
    r: callsPerSecond,
    l: mostAtOnce,
    d: 0,
    buff_size: 4_000_000,
    timer_resol: 1,
    timeout: `${Math.ceil((lengthMs + overtimeMs) / 1_000)}s`,
    fd: 1,
    stf: 'stat.csv',
    rtt_freq: 1,
  };
  const settings = Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const switches = ['-nostdin', '-nd', '-trace_stat', '-trace_rtt'];
  const cores = cpus().length > 1 ? `1-${cpus().length - 1}` : '0';
  const args = ['--cpu-list', cores, 'sipp', `127.0.0.1:${port}`, ...settings, ...switches];
  try {
    const fromMs = performance.now();
    const child = spawn('taskset', args, { cwd: folder, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    const elapsedMs = performance.now() - fromMs;
    // 0: all as they should be; 1: some failed. Anything else: sipp could not do its work.
    if (code !== 0 && code !== 1) throw new Error(`sipp ended with ${code}.`);
    const files = await readdir(folder);
    const rtt = await Promise.all(
      files.filter((file) => file.endsWith('_rtt.csv')).map((file) => readFile(join(folder, file), 'utf8')),
    );
    return {
      callsPerSecond,
      elapsedMs,
      ...readCounts(await readFile(join(folder, 'stat.csv'), 'utf8')),
      setupMs: rtt.flatMap(readResponseTimes),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last line of sipp's statistics: `(C)` is cumulative. */
export function readCounts(csv: string): { calls: number; retransmissions: number; failed: number } {
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.split(';');
  const values = (lines.at(-1) ?? '').split(';');
  const count = (name: string): number => {
    const value = Number(values[names.indexOf(name)]);
    if (!Number.isInteger(value)) throw new Error(`sipp's statistics have no "${name}".`);
    return value;
  };
  return {
    calls: count('TotalCallCreated'),
    retransmissions: count('Retransmissions(C)'),
    failed: count('FailedCall(C)'),
  };
}

/** `date;milliseconds;timer`, a line a call. */
export function readResponseTimes(csv: string): number[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(';')[1]));
}
