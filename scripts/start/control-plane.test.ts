import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findFreePort } from './ports.mjs';
import { loadSecrets } from './secrets.ts';

const worker = `export default {
  async fetch(request, { RECORDINGS }) {
    if (request.method === 'PUT') await RECORDINGS.put('part', 'sealed');
    return new Response('the Worker');
  },
};`;
const config = `name = "parley"
main = "worker.js"
compatibility_date = "2026-01-01"
[assets]
directory = "files"
[[r2_buckets]]
binding = "RECORDINGS"
bucket_name = "recordings"
`;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-control-'));
});
afterEach(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

test('callers reach the files and the Worker, and never what is in the buckets', async () => {
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'widget.txt'), 'a file');
  await writeFile(join(folder, 'worker.js'), worker);
  await writeFile(join(folder, 'wrangler.toml'), config);
  await loadSecrets(folder);
  const port = await findFreePort('127.0.0.1');
  const options = {
    config: join(folder, 'wrangler.toml'),
    host: '127.0.0.1',
    port,
    data: folder,
    state: folder,
    vars: '{}',
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  child = spawn(process.execPath, [join(import.meta.dirname, 'control-plane.ts'), ...args], { stdio: 'ignore' });
  const ask = (path: string, method = 'GET') => answerOf(port, path, method);
  await vi.waitFor(async () => expect(await ask('/any', 'PUT')).toBe('the Worker'), { timeout: 30_000, interval: 100 });
  expect(await ask('/widget.txt')).toBe('a file');
  expect(await ask('/cdn-cgi/local/r2/public/recordings/part')).toBe('the Worker');
}, 40_000);

/** As Miniflare's own door would have it: from somebody who says that they came by localhost. */
function answerOf(port: number, path: string, method: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host: 'localhost' } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve(body)).on('error', reject);
    });
    asked.on('error', reject).end();
  });
}
