import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { DataError, readTakes, speakersOf } from './data.ts';
import { hearDigits, hearNumbers, takeNumbers, type Speaker } from './measure.ts';
import { reportOf, tableOf, type Report } from './report.ts';
import { synthesisedWords } from './spoken-words.ts';

const usage = `npm run eval -- digits [--json] [--data DIR] [--numbers N]

Spoken digits over a telephone line: one by one, ten in one breath, and numbers taken through the dialogue.
--data: recordings at 8,000 Hz named <digit>_<speaker>_<number>.wav (../shared/data/speech/digits-8k).
--numbers: numbers a speaker, for each of the four ways of taking them (20).`;

const defaultData = join(import.meta.dirname, '../../../shared/data/speech/digits-8k');

/** The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  const cacheFolder = await mkdtemp(join(tmpdir(), 'parley-digits-'));
  try {
    const speakers = [...speakersOf(readTakes(options.data))].map(([name, takes]) => ({ name, takes }));
    const report = await measure(speakers, options.numbers, cacheFolder);
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    console.error(cause.message);
    process.exitCode = 1;
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
}

async function measure(speakers: readonly Speaker[], numbers: number, cacheFolder: string): Promise<Report> {
  const bundle = await demoBundle();
  const factory = await PocketSphinxFactory.prepare({ phrases: bundle.speech.phrases, key: bundle.hash, cacheFolder });
  const words = synthesisedWords();
  const each = async <T>(title: string, hear: (speaker: Speaker) => Promise<T[]>): Promise<T[]> => {
    console.error(title);
    const all: T[] = [];
    for (const speaker of speakers) all.push(...(await hear(speaker)));
    return all;
  };
  return reportOf({
    digits: await each('Single digits', (speaker) => hearDigits(factory, speaker, 'flat')),
    digitsOldLine: await each('Single digits, 300 to 3,400 Hz', (speaker) => hearDigits(factory, speaker, 'old')),
    numbersGrouped: await each('Ten digits in one breath', (speaker) =>
      hearNumbers(factory, speaker, 'grouped', numbers),
    ),
    numbersWithoutPauses: await each('Ten digits without pauses', (speaker) =>
      hearNumbers(factory, speaker, 'without pauses', numbers),
    ),
    withHelp: await each('Through the dialogue, with caller id and keypad', (speaker) =>
      takeNumbers(factory, bundle, words, speaker, { callerId: true, keypad: true }, numbers),
    ),
    byVoiceAlone: await each('Through the dialogue, by voice alone', (speaker) =>
      takeNumbers(factory, bundle, words, speaker, { callerId: false, keypad: false }, numbers),
    ),
  });
}

function optionsOf(args: readonly string[]): { json: boolean; data: string; numbers: number } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, data: { type: 'string' }, numbers: { type: 'string' } },
    });
    const numbers = Number(values.numbers ?? '20');
    if (!Number.isInteger(numbers) || numbers < 1 || numbers > 1_000)
      throw new Error(`--numbers must be between 1 and 1,000: it is "${values.numbers}".`);
    return { json: values.json ?? false, data: values.data ?? defaultData, numbers };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}
