import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNluData } from './data.ts';
import { evaluateRestaurants8k } from './restaurants8k.ts';

const publicData = '../shared/data/nlu';

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-nlu-'));
  for (const [file, json] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), JSON.stringify(json));
  }
  return folder;
}

const fold = [{ text: 'hello', intents: ['greet'] }];
const folds = { 'nlupp-hotels/fold0.json': fold, 'nlupp-hotels/fold1.json': fold, 'nlupp-hotels/fold2.json': fold };

describe('readNluData says what is wrong', () => {
  test('no such folder', async () => {
    await expect(readNluData('/nowhere')).rejects.toThrow('--data DIR');
  });

  test('too few folds', async () => {
    const folder = await folderWith({ 'nlupp-hotels/fold0.json': fold });
    await expect(readNluData(folder)).rejects.toThrow('three folds or more: 1 in');
  });

  test('a file of another shape', async () => {
    const folder = await folderWith({ ...folds, 'clinc150/train_val.json': { train: [['hi', 7]] } });
    await expect(readNluData(folder)).rejects.toThrow(/train_val\.json, train\.0\.1: .*string/);
  });
});

test.skipIf(!existsSync(publicData))(`slots of restaurants8k are found (needs ${publicData})`, async () => {
  const { restaurants8k } = await readNluData(publicData);
  expect(evaluateRestaurants8k(restaurants8k).slotF1).toBeGreaterThan(92);
});
