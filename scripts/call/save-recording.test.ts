import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveRecording } from './save-recording.ts';

const callId = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const Address = v.object({ port: v.number() });
let server: Server | undefined;
let folder: string;

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-call-'))));
afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** A control plane that answers so. */
async function source(answer: RequestListener) {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = v.parse(Address, started.address());
  return { controlUrl: `http://127.0.0.1:${port}`, staffKey: 'key', business: 'small-shop' };
}

test('a recording is saved as it comes, with the key of staff', async () => {
  const asked: (string | undefined)[] = [];
  const from = await source((request, response) => {
    asked.push(request.url, request.headers.authorization);
    response.write('Ogg');
    response.end('S');
  });
  const file = join(folder, 'call.ogg');
  expect(await saveRecording(from, callId, file)).toBe(4);
  expect(await readFile(file, 'utf8')).toBe('OggS');
  expect(asked).toEqual([`/v1/businesses/small-shop/calls/${callId}/recording`, 'Bearer key']);
});

test('what is there is not overwritten', async () => {
  const from = await source((_, response) => response.end('OggS'));
  const file = join(folder, 'call.ogg');
  await writeFile(file, 'mine');
  await expect(saveRecording(from, callId, file)).rejects.toThrow('Name a file that is not there yet');
  expect(await readFile(file, 'utf8')).toBe('mine');
});

test('a call without a recording is told so', async () => {
  const from = await source((_, response) => response.writeHead(404).end('{}'));
  await expect(saveRecording(from, callId, join(folder, 'call.ogg'))).rejects.toThrow('There is no recording');
});

test('what is wrong is said as the control plane says it', async () => {
  const error = { code: 'internal', message: 'A part cannot be opened.', action: 'Bring back the MASTER_KEY.' };
  const from = await source((_, response) => response.writeHead(500).end(JSON.stringify({ error })));
  const saved = saveRecording(from, callId, join(folder, 'call.ogg'));
  await expect(saved).rejects.toThrow('(status 500). A part cannot be opened. Bring back the MASTER_KEY.');
});

test('half a recording is none', async () => {
  const from = await source((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('Ogg', () => response.destroy());
  });
  const file = join(folder, 'call.ogg');
  await expect(saveRecording(from, callId, file)).rejects.toThrow('broke off');
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});
