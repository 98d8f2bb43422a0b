import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManagedProcess, StartError } from './managed-process.ts';

let folder: string;
let notices: string[];
let programs: ManagedProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-managed-'));
  notices = [];
  programs = [];
});

afterEach(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** Writes its process id, and that of a child of its own, into `pids`; that is its sign of readiness. */
const parent = `
  import { spawn } from 'node:child_process';
  import { appendFileSync } from 'node:fs';
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  setInterval(() => {}, 1000);
  appendFileSync('pids', process.pid + ' ' + child.pid + '\\n');
`;

async function lives(): Promise<number[][]> {
  const text = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ').map(Number));
}

async function program(source: string): Promise<ManagedProcess> {
  await writeFile(join(folder, 'program.mjs'), source);
  let served = 0;
  const made = new ManagedProcess({
    name: 'media node',
    args: ['program.mjs'],
    env: process.env,
    cwd: folder,
    logFile: join(folder, 'log'),
    isReady: async () => {
      const count = (await lives()).length;
      if (count <= served) return false;
      served = count;
      return true;
    },
    onNotice: (line) => notices.push(line),
  });
  programs.push(made);
  return made;
}

/** Resolves when a process is gone or only waits to be reaped. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (!stat || stat.slice(stat.lastIndexOf(')')).startsWith(') Z')) return;
  }
}

test('stop ends the program and what it started', async () => {
  const made = await program(parent);
  await made.start();
  const [pids = []] = await lives();
  expect(pids).toHaveLength(2);
  expect(made.pid).toBe(pids[0]);
  await made.stop();
  expect(made.pid).toBeUndefined();
  await Promise.all(pids.map(gone));
  expect(notices).toEqual([]);
});

test('stop ends by force a program that ignores SIGTERM', async () => {
  const made = await program(`process.on('SIGTERM', () => {}); ${parent}`);
  await made.start();
  const [pids = []] = await lives();
  await made.stop();
  expect(made.pid).toBeUndefined();
  await Promise.all(pids.map(gone));
});

test('a program that dies is restarted, and what it had started is ended', async () => {
  const made = await program(parent);
  await made.start();
  made.kill('SIGKILL');
  await made.whenReady();
  const [first = [], second = []] = await lives();
  await Promise.all(first.map(gone));
  expect(made.pid).toBe(second[0]);
  expect(made.restarts).toBe(1);
  expect(notices).toEqual(['The media node stopped (SIGKILL). Restarting it.', 'The media node is back.']);
});

test('a program that dies of its own accord is restarted', async () => {
  const made = await program(
    `import { existsSync, writeFileSync } from 'node:fs';
     ${parent}
     if (!existsSync('once')) { writeFileSync('once', ''); process.on('SIGUSR2', () => process.exit(3)); }`,
  );
  await made.start();
  made.kill('SIGUSR2');
  await made.whenReady();
  expect(notices[0]).toMatch(/^The media node stopped \((exit code 3|SIGUSR2)\)\. Restarting it\.$/);
});

test('after stop it stays down until it is started again', async () => {
  const made = await program(parent);
  await made.start();
  await made.stop();
  await made.start();
  expect(await lives()).toHaveLength(2);
  expect(made.restarts).toBe(0);
});

test('a program that ends while it starts is an error with its last words', async () => {
  const made = await program(`console.error('no such library: libflite.so.1'); process.exit(7);`);
  const error = await made.start().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StartError);
  expect(String(error)).toContain('exit code 7');
  expect(String(error)).toContain('no such library: libflite.so.1');
  expect(made.pid).toBeUndefined();
});

test('stop while it starts rejects the start', async () => {
  const made = await program(`setInterval(() => {}, 1000);`);
  const starting = made.start();
  await made.stop();
  await expect(starting).rejects.toThrow('was stopped');
});
