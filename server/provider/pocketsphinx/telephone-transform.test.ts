import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Transcript } from '../../agent/listen/recognizer.ts';
import { BandExtension } from '../../audio/band-extension.ts';
import { resample } from '../../audio/resampler.ts';
import { FliteSynthesizer } from '../flite/flite.ts';
import { PocketSphinxFactory } from './pocketsphinx.ts';
import { telephoneTransform, transformText } from './telephone-transform.ts';

const said = 'three oh three five five five';
let folder: string;
let recognizers: PocketSphinxFactory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transform-'));
  recognizers = await PocketSphinxFactory.prepare({
    phrases: [said, 'three zero nine five five four', 'two oh three five nine five'],
    key: 'test',
    cacheFolder: folder,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the transform has a square matrix and a shift for each of the three streams of 13 features', () => {
  expect(telephoneTransform.streams).toHaveLength(3);
  for (const { matrix, shift } of telephoneTransform.streams)
    expect([shift.length, matrix.length, ...matrix.map((row) => row.length)]).toEqual(Array(15).fill(13));
});

test('is written as sphinxtrain has it: classes, streams, then size, matrix, shift and scales of each', () => {
  const text = transformText({
    streams: [
      {
        matrix: [
          [1, 0],
          [0.5, 2],
        ],
        shift: [-1, 3],
      },
    ],
  });
  expect(text).toBe('1\n1\n2\n1 0\n0.5 2\n-1 3\n1 1\n');
});

test('a decoder takes it between two segments, even when asked in the middle of one, and hears on', async () => {
  const { samples } = await new FliteSynthesizer('rms').synthesize(said);
  const narrow = resample(samples, 16_000, 8_000);
  const hear = async (telephone: boolean): Promise<Transcript[]> => {
    const recognizer = await recognizers.create();
    const band = new BandExtension();
    const heard: Transcript[] = [];
    for (const segment of [1, 2]) {
      recognizer.feed(band.push(narrow));
      if (telephone && segment === 1) recognizer.byTelephone?.();
      recognizer.feed(band.push(new Int16Array(1_600)));
      heard.push(await recognizer.finish());
    }
    await recognizer.close();
    return heard;
  };
  const [usual, adapted] = [await hear(false), await hear(true)];
  expect([...usual, ...adapted].map(({ text }) => text)).toEqual([said, said, said, said]);
  expect(adapted[0]).toEqual(usual[0]);
  expect(adapted[1]?.confidence).not.toBe(usual[1]?.confidence);
});
