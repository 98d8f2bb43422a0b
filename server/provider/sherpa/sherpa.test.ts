import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SherpaEngine } from './engine.ts';
import { loadSherpa } from './library.ts';
import { readModel } from './model-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sherpa-'));
});
afterEach(() => rm(folder, { recursive: true }));

const manifest = {
  kind: 'recognition',
  name: 'small',
  language: 'en',
  licence: 'none',
  encoder: 'encoder.onnx',
  decoder: 'decoder.onnx',
  joiner: 'joiner.onnx',
  tokens: 'tokens.txt',
};

/** Every file there, none of them a model. */
async function damagedModel(): Promise<void> {
  await mkdir(join(folder, 'small'));
  for (const part of ['encoder.onnx', 'decoder.onnx', 'joiner.onnx']) {
    await writeFile(join(folder, 'small', part), randomBytes(5_000));
  }
  await writeFile(join(folder, 'small', 'tokens.txt'), 'a 0\nb 1\n');
  await writeFile(join(folder, 'small', 'model.json'), JSON.stringify(manifest));
}

test('a model that is not here is named with the command that fetches it', async () => {
  await expect(readModel(folder, 'zipformer-en', 'recognition')).rejects.toThrow(
    /'zipformer-en' is not in .*npm run models -- get zipformer-en/,
  );
});

test('a model that lost a file, is of the other kind or points elsewhere is refused', async () => {
  await damagedModel();
  await expect(readModel(folder, 'small', 'synthesis')).rejects.toThrow('is for recognition, not for synthesis');
  expect((await readModel(folder, 'small', 'recognition')).encoder).toBe(join(folder, 'small', 'encoder.onnx'));
  await rm(join(folder, 'small', 'joiner.onnx'));
  await expect(readModel(folder, 'small', 'recognition')).rejects.toThrow(/has lost .*joiner\.onnx/);
  await writeFile(join(folder, 'small', 'model.json'), JSON.stringify({ ...manifest, encoder: '../../etc/passwd' }));
  await expect(readModel(folder, 'small', 'recognition')).rejects.toThrow('model.json is damaged');
});

test('the native library can be loaded here', () => {
  expect(loadSherpa().OnlineRecognizer).toBeTypeOf('function');
});

test('a damaged model ends its own process, not this one, and the message says what to do', async () => {
  await damagedModel();
  const model = await readModel(folder, 'small', 'recognition');
  await expect(SherpaEngine.start(model)).rejects.toThrow(/engine ended \(SIGABRT\).*model is damaged.*npm run models/);
}, 30_000);

test('a voice that cannot be loaded is refused with the library\u2019s words', async () => {
  await damagedModel();
  const { tokens, encoder } = await readModel(folder, 'small', 'recognition');
  const voice = { kind: 'synthesis' as const, model: encoder, tokens, phonemes: folder };
  await expect(SherpaEngine.start(voice)).rejects.toThrow(/Failed to create OfflineTts/);
}, 30_000);
