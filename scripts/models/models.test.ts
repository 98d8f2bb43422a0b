import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SpeechModel } from '../../contract/speech-model.ts';
import * as v from 'valibot';
import { catalogue, type CatalogueEntry } from './catalogue.ts';
import { main } from './main.ts';

const hasTools = ['bzip2', 'tar'].every((program) => spawnSync(program, ['--version']).error === undefined);
const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the server answers to one request. */
type Serve = (request: IncomingMessage, response: ServerResponse, archive: Buffer) => void;

const whole: Serve = (_, response, archive) => {
  response.writeHead(200, { 'content-length': archive.length, etag: '"1"' }).end(archive);
};
/** Announces all, sends the first part and breaks off when that has been stored. */
const broken: Serve = (_, response, archive) => {
  response.writeHead(200, { 'content-length': archive.length, etag: '"1"' });
  response.write(archive.subarray(0, 1_000));
  const arrived = async (): Promise<void> => {
    const { size } = await stat(join(folder, 'models', 'test-voice.tar.bz2.part'));
    expect(size).toBe(1_000);
  };
  void vi.waitFor(arrived).then(() => response.destroy());
};
const ranged: Serve = (request, response, archive) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from === 0 || request.headers['if-range'] !== '"1"') return whole(request, response, archive);
  const range = `bytes ${from}-${archive.length - 1}/${archive.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': archive.length - from, etag: '"1"' });
  response.end(archive.subarray(from));
};

describe.skipIf(!hasTools)('with tar and bzip2', () => {
  let server: Server;
  let serve: Serve;
  let archive: Buffer;
  const ranges: (string | undefined)[] = [];
  let entry: CatalogueEntry;

  beforeEach(async () => {
    archive = await pack({
      'en.onnx': `xxx${randomBytes(4_000).toString('hex')}`,
      'tokens.txt': 'a 0',
      'data/phones': 'p',
    });
    serve = ranged;
    ranges.length = 0;
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      serve(request, response, archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    entry = {
      title: 'A voice',
      url: `http://127.0.0.1:${port}/voice.tar.bz2`,
      megabytes: 1,
      manifest: {
        kind: 'synthesis',
        name: 'test-voice',
        language: 'en',
        licence: 'none',
        model: 'en.onnx',
        tokens: 'tokens.txt',
        phonemes: 'data',
      },
    };
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  /** An archive of one folder, as the project publishes them. */
  async function pack(files: Readonly<Record<string, string>>, link?: string): Promise<Buffer> {
    const source = await mkdtemp(join(folder, 'source-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(source, 'voice', name, '..'), { recursive: true });
      await writeFile(join(source, 'voice', name), text);
    }
    if (link !== undefined) await symlink(link, join(source, 'voice', 'link'));
    await run('tar', ['-cjf', join(source, 'voice.tar.bz2'), '-C', source, 'voice']);
    return readFile(join(source, 'voice.tar.bz2'));
  }

  async function models(...args: string[]) {
    const [said, complaints]: [string[], string[]] = [[], []];
    const code = await main(
      [...args, '--data', folder],
      (line) => said.push(line),
      (line) => complaints.push(line),
      [entry],
    );
    return { code, said: said.join('\n'), complaints: complaints.join('\n') };
  }
  const here = (): Promise<string[]> => readdir(join(folder, 'models')).then((names) => names.sort());

  test('get fetches, checks and unpacks; list and remove know it', async () => {
    expect((await models('list')).said).toMatch(/test-voice +about 1 MB/);
    const { code, said } = await models('get', 'test-voice');
    expect(code).toBe(0);
    expect(said).toContain(createHash('sha256').update(archive).digest('hex'));
    expect(said).toContain('PARLEY_TTS=sherpa SHERPA_TTS_MODEL=test-voice');
    expect(await here()).toEqual(['checksums.json', 'test-voice']);
    expect((await readdir(join(folder, 'models', 'test-voice'))).sort()).toEqual([
      'data',
      'en.onnx',
      'model.json',
      'tokens.txt',
    ]);
    expect((await models('list')).said).toMatch(/test-voice +installed/);
    expect((await models('remove', 'test-voice')).said).toBe('test-voice is removed.');
    expect((await models('remove', 'test-voice')).said).toBe('test-voice is not here.');
  });

  test('a download that breaks off goes on from there', async () => {
    serve = broken;
    const first = await models('get', 'test-voice');
    expect(first.code).toBe(1);
    expect(first.complaints).toMatch(/broke off after 1000 of \d+ bytes .*Run the same command again/);
    serve = ranged;
    expect((await models('get', 'test-voice')).code).toBe(0);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
  });

  test('a file that was replaced meanwhile is fetched from its beginning', async () => {
    serve = broken;
    await models('get', 'test-voice');
    serve = whole;
    expect((await models('get', 'test-voice')).code).toBe(0);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
  });

  test('a part that does not fit the file is thrown away', async () => {
    await mkdir(join(folder, 'models'));
    await writeFile(join(folder, 'models', 'test-voice.tar.bz2.part'), 'x'.repeat(archive.length + 5));
    await writeFile(join(folder, 'models', 'test-voice.tar.bz2.part.tag'), '"1"');
    serve = (request, response, bytes) => {
      if (request.headers.range === undefined) whole(request, response, bytes);
      else response.writeHead(416).end();
    };
    expect((await models('get', 'test-voice')).code).toBe(0);
  });

  test('a checksum that the catalogue knows must be right, and nothing is left of a wrong one', async () => {
    entry = { ...entry, sha256: '0'.repeat(64) };
    const { code, complaints } = await models('get', 'test-voice');
    expect(code).toBe(1);
    expect(complaints).toMatch(/checksum is wrong.*Expected 0+, got [0-9a-f]{64}/);
    expect(await here()).toEqual([]);
  });

  test('a later download must equal the first one', async () => {
    await models('get', 'test-voice');
    archive = await pack({ 'en.onnx': 'another', 'tokens.txt': 'a 0', 'data/phones': 'p' });
    const { code, complaints } = await models('get', 'test-voice');
    expect(code).toBe(1);
    expect(complaints).toMatch(/differs from the one that was fetched before.*checksums\.json/);
    expect(await readFile(join(folder, 'models', 'test-voice', 'en.onnx'), 'utf8')).toMatch(/^xxx/);
  });

  test.each([
    ['a link', async () => pack({ 'en.onnx': 'x' }, '/etc/passwd'), /'voice\/link' is a SymbolicLink/],
    ['what is no archive', async () => Buffer.from('<html>not found</html>'), /cannot be unpacked/],
    ['a model without its files', async () => pack({ 'tokens.txt': 'a' }), /has no 'en\.onnx'/],
  ])('an archive with %s is refused whole', async (_, make, message) => {
    archive = await make();
    const { code, complaints } = await models('get', 'test-voice');
    expect(code).toBe(1);
    expect(complaints).toMatch(message);
    expect(await here()).toEqual([]);
  });

  test('an archive that leads out of its folder is refused whole', async () => {
    const source = await mkdtemp(join(folder, 'source-'));
    await writeFile(join(source, 'evil'), 'x');
    const file = join(source, 'a.tar.bz2');
    await run('tar', ['-cjPf', file, '-C', source, '--transform', 's#^evil#voice/../../evil#', 'evil']);
    archive = await readFile(file);
    const { code, complaints } = await models('get', 'test-voice');
    expect(code).toBe(1);
    expect(complaints).toMatch(/cannot be unpacked/);
    expect(await here()).toEqual([]);
    expect(await readdir(folder)).not.toContain('evil');
  });

  test('a server that says no, and one that is not there, are named', async () => {
    serve = (_, response) => void response.writeHead(404).end();
    expect((await models('get', 'test-voice')).complaints).toMatch(/voice\.tar\.bz2 was answered with status 404/);
    // Nothing listens on port 9 (discard).
    entry = { ...entry, url: 'http://127.0.0.1:9/voice.tar.bz2' };
    expect((await models('get', 'test-voice')).complaints).toMatch(
      /127\.0\.0\.1:9 cannot be reached .*Check the connection/,
    );
  });

  test('a file that no disk has room for is not begun', async () => {
    serve = (_, response) => {
      response.writeHead(200, { 'content-length': 900e12 });
      response.flushHeaders();
    };
    expect((await models('get', 'test-voice')).complaints).toMatch(/MB left, and \d+ MB are needed/);
  });
});

test('a wrong name is answered with the right ones', async () => {
  const complaints: string[] = [];
  const code = await main(
    ['get', 'whisper', '--data', folder],
    () => {},
    (line) => complaints.push(line),
  );
  expect(code).toBe(1);
  expect(complaints[0]).toContain("There is no model 'whisper'. There are: zipformer-en-20m");
  expect(
    await main(
      ['fetch'],
      () => {},
      () => {},
    ),
  ).toBe(2);
});

test('the catalogue\u2019s manifests are what the media node reads, and every name is there once', () => {
  for (const { manifest } of catalogue) expect(v.parse(SpeechModel, manifest)).toEqual(manifest);
  const names = catalogue.map(({ manifest }) => manifest.name);
  expect(new Set(names).size).toBe(names.length);
});
