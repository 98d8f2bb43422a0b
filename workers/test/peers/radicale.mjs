import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const account = { username: 'office', password: 'correct horse' };
const startTimeoutMs = 20_000;

/** A real CalDAV server: Debian's radicale. */
export async function startRadicale() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-radicale-'));
  const users = join(folder, 'users');
  writeFileSync(users, `${account.username}:${account.password}\n`);
  const port = await freePort();
  const server = spawn(
    'radicale',
    `--config "" --hosts 127.0.0.1:${port} --auth-type htpasswd --auth-htpasswd-filename ${users}
     --auth-htpasswd-encryption plain --auth-delay 0 --rights-type owner_only
     --storage-filesystem-folder ${join(folder, 'collections')} --logging-level error`
      .split(/\s+/)
      .map((word) => word.replaceAll('"', '')),
    { stdio: 'ignore' },
  );
  /** @type {unknown} */
  let failure;
  server.on('error', (error) => {
    failure = error;
  });
  const giveUpMs = Date.now() + startTimeoutMs;
  while (!(await answers(port))) {
    if (failure !== undefined || server.exitCode !== null || Date.now() > giveUpMs) {
      server.kill();
      throw new Error('radicale did not start. "npm test" installs it; or: apt-get install radicale', {
        cause: failure,
      });
    }
    await wait(50);
  }
  return {
    address: { url: `http://127.0.0.1:${port}/${account.username}/`, ...account },
    stop() {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<number>} */
async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
