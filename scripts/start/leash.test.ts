import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const leash = new URL('./leash.ts', import.meta.url).href;

/** Starts a program on the leash in a group of its own, says its process id, and stays. */
const holder = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['--import', ${JSON.stringify(leash)}, '-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
    detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  setTimeout(() => console.log(child.pid), 0);
  setInterval(() => {}, 1000);
`;

test('a program ends when the process that holds it is killed', async () => {
  const parent = spawn(process.execPath, ['-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(line);
  expect(await state(pid)).not.toBe('');
  parent.kill('SIGKILL');
  while (!['', 'Z'].includes(await state(pid)));
});

/** One letter, as in `ps`; empty when there is no such process. */
async function state(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
}
