import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seeded, shuffle } from '../../dialogue/learn/random.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { resample } from '../../server/audio/resampler.ts';
import { FliteSynthesizer, type FliteVoice } from '../../server/provider/flite/flite.ts';
import { selectPronunciations } from '../../server/provider/pocketsphinx/dictionary.ts';
import { sentences } from '../band/sentences.ts';
import { throughLine, type LineKind } from '../digits/line.ts';
import { withRoom } from '../digits/mouth.ts';

const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const phraseCount = 160;
const numberCount = 60;
const lines: readonly LineKind[] = ['flat', 'old'];

/** What one voice says over one line, as sphinxtrain wants it: `<id>.raw`, and lists of ids and of words. */
export interface Spoken {
  readonly folder: string;
  readonly list: string;
  readonly transcript: string;
}

export interface Material {
  readonly spoken: readonly Spoken[];
  readonly dictionary: string;
}

/** Plain sentences, phrases of the demo playbook and numbers, in each voice over each line, repaired as in a call. */
export async function speak(voices: readonly FliteVoice[], folder: string, modelFolder: string): Promise<Material> {
  const pronunciations = await readFile(join(modelFolder, 'cmudict-en-us.dict'), 'utf8');
  const { texts, dictionary } = await wordsToSay(pronunciations);
  const dictionaryFile = join(folder, 'words.dict');
  await writeFile(dictionaryFile, dictionary);
  const spoken: Spoken[] = [];
  for (const voice of voices) {
    const random = seeded(5);
    const synthesizer = new FliteSynthesizer(voice);
    const sounds: Int16Array[] = [];
    for (const text of texts) {
      const { samples } = await synthesizer.synthesize(text);
      sounds.push(withRoom([resample(samples, 16_000, 8_000)], random));
    }
    for (const line of lines) spoken.push(await overLine(sounds, texts, line, join(folder, `${voice}-${line}`)));
  }
  return { spoken, dictionary: dictionaryFile };
}

async function wordsToSay(pronunciations: string): Promise<{ texts: string[]; dictionary: string }> {
  const random = seeded(5);
  const { speech } = await demoBundle();
  const numbers = Array.from({ length: numberCount }, () =>
    Array.from({ length: 3 + Math.floor(random() * 8) }, () => digitWords[Math.floor(random() * 10)]).join(' '),
  );
  const plain = sentences.map((sentence) => sentence.toLowerCase().replaceAll(/[^a-z' ]/g, ''));
  const phrases = shuffle([...speech.phrases], seeded(11)).slice(0, phraseCount);
  const all = [...plain, ...phrases, ...numbers];
  const { words, text } = selectPronunciations(pronunciations, all);
  return { texts: all.filter((said) => said.split(' ').every((word) => words.has(word))), dictionary: text };
}

/** One call: the repair of the band learns the line and the voice, as it does on the telephone. */
async function overLine(
  sounds: readonly Int16Array[],
  texts: readonly string[],
  line: LineKind,
  folder: string,
): Promise<Spoken> {
  await mkdir(folder);
  const band = new BandExtension();
  for (const [index, sound] of sounds.entries()) {
    const { buffer, byteOffset, byteLength } = band.push(throughLine(sound, line));
    await writeFile(join(folder, `${index}.raw`), Buffer.from(buffer, byteOffset, byteLength));
  }
  const [list, transcript] = [join(folder, 'list'), join(folder, 'transcript')];
  await writeFile(list, texts.map((_, index) => `${index}\n`).join(''));
  await writeFile(transcript, texts.map((text, index) => `<s> ${text} </s> (${index})\n`).join(''));
  return { folder, list, transcript };
}
