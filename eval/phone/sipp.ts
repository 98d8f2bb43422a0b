import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SippServer {
  /** One of its own scenarios, as `uas`, or a file of this folder. */
  readonly scenario: string;
  readonly args?: readonly string[];
  /** What the file calls RESPONSE, sent as `486 Busy Here` or awaited as `486`: sipp itself has no variable for it. */
  readonly response?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface SippRun extends SippServer {
  readonly port: number;
  /** The user part of what it calls. */
  readonly service: string;
}

/** Runs Debian's sipp against a port of the loopback. Rejects, with what it says is wrong, unless every call went as its scenario has it. */
export async function runSipp({ scenario, port, service, response, args = [] }: SippRun): Promise<void> {
  await runIn(scenario, [`127.0.0.1:${port}`, '-s', service, ...args], response);
}

/**
 * Has Debian's sipp wait for calls at a port of the loopback.
 *
 * @returns resolves when it listens; its `done` rejects, with what it says is wrong, unless every call went as its
 * scenario has it.
 */
export async function serveSipp(server: SippServer): Promise<{ port: number; done: Promise<void> }> {
  const { scenario, response, args = [], port = await freePort() } = server;
  const done = runIn(scenario, ['-p', String(port), ...args], response);
  // Whoever awaits it later hears of it then.
  done.catch(() => undefined);
  await isTaken(port);
  return { port, done };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

async function isTaken(port: number): Promise<void> {
  const entry = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let tries = 0; tries < 200; tries += 1) {
    const tables = await Promise.all(['udp', 'tcp'].map((table) => readFile(`/proc/net/${table}`, 'latin1')));
    if (tables.some((text) => text.includes(entry))) return;
    await setTimeout(25);
  }
  throw new Error(`sipp does not listen on port ${port} after 5 s.`);
}

async function runIn(scenario: string, options: readonly string[], response = ''): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sipp-'));
  const file = join(folder, 'scenario.xml');
  const source = scenario.endsWith('.xml') ? ['-sf', file] : ['-sn', scenario];
  if (scenario.endsWith('.xml')) {
    const text = await readFile(join(import.meta.dirname, 'sipp', scenario), 'utf8');
    await writeFile(file, text.replaceAll('RESPONSE', response));
  }
  const own = options.includes('-i') ? [] : ['-i', '127.0.0.1'];
  const common = [...own, '-nostdin', '-timeout', '60s', '-timeout_error', '-trace_err'];
  const command = [...options, ...source, ...common];
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
