import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { DataError, readTakes, speakersOf } from '../digits/data.ts';
import type { Recognizers } from '../digits/ear.ts';
import { learn, ToolError } from './learn.ts';
import { speak } from './material.ts';
import {
  commandsByBrowser,
  commandsByTelephone,
  pieces,
  readCommands,
  singles,
  unadapted,
  type Command,
  type Score,
} from './measure.ts';

const usage = `npm run eval -- adaptation [--json] [--data DIR] [--commands DIR] [--write]

What the recogniser's transform for telephones is worth: spoken digits, and pieces of numbers, with and without it.
--data: recordings at 8,000 Hz named <digit>_<speaker>_<number>.wav (../shared/data/speech/digits-8k).
--commands: a folder with recordings at 16,000 Hz and transcript.txt, a line <file>|<words> each.
--write: learn the transform from synthesised voices and store the one that the product uses. Needs sphinxtrain.`;

const defaultData = join(import.meta.dirname, '../../../shared/data/speech/digits-8k');
const modelFolder = process.env['POCKETSPHINX_MODEL_DIR'] ?? '/usr/share/pocketsphinx/model/en-us';
const transformFile = join(import.meta.dirname, '../../server/provider/pocketsphinx/telephone-transform.json');
const piecesASpeaker = 40;

interface Options {
  readonly json: boolean;
  readonly write: boolean;
  readonly data: string;
  readonly commands: string | undefined;
}

/** The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'parley-adaptation-'));
  try {
    await (options.write ? store(folder) : measure(options, folder));
  } catch (cause) {
    if (!(cause instanceof DataError || cause instanceof ToolError)) throw cause;
    console.error(cause.message);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function store(folder: string): Promise<void> {
  const material = await speak(['rms', 'awb', 'slt'], folder, modelFolder);
  await writeFile(transformFile, `${JSON.stringify(await learn(material, modelFolder, folder))}\n`);
  console.error(`Wrote ${transformFile}. Format it with: npx oxfmt ${transformFile}`);
}

async function measure({ json, data, commands: commandFolder }: Options, folder: string): Promise<void> {
  const speakers = [...speakersOf(readTakes(data))].map(([name, takes]) => ({ name, takes }));
  const commands = commandFolder === undefined ? [] : readCommands(commandFolder);
  const { speech, hash } = await demoBundle();
  const adapted = await PocketSphinxFactory.prepare({ phrases: speech.phrases, key: hash, cacheFolder: folder });
  const report = {
    singleDigits: await compare(adapted, (ears) => singles(ears, speakers, 'flat')),
    singleDigitsFrom300To3400Hz: await compare(adapted, (ears) => singles(ears, speakers, 'old')),
    piecesOfNumbersFrom300To3400Hz: await compare(adapted, (ears) => pieces(ears, speakers, piecesASpeaker)),
    ...(commands.length === 0 ? {} : await measureCommands(commands, folder)),
  };
  if (json) console.log(JSON.stringify({ name: 'adaptation', ...report }));
  else for (const [name, pct] of Object.entries(report)) console.log(`${name}: ${JSON.stringify(pct)}`);
}

async function measureCommands(commands: readonly Command[], folder: string) {
  const phrases = [...new Set(commands.map(({ text }) => text))];
  const cacheFolder = join(folder, 'commands');
  await mkdir(cacheFolder);
  const adapted = await PocketSphinxFactory.prepare({ phrases, key: 'commands', cacheFolder });
  return {
    commandsFrom300To3400Hz: await compare(adapted, (ears) => commandsByTelephone(ears, commands)),
    // Never adapted: what the whole band is worth.
    commandsByBrowser: shareOf(await commandsByBrowser(adapted, commands)),
  };
}

interface Compared {
  readonly of: number;
  readonly withoutPct: number;
  readonly withPct: number;
}

async function compare(adapted: PocketSphinxFactory, score: (ears: Recognizers) => Promise<Score>): Promise<Compared> {
  const without = await score(unadapted(adapted));
  const adaptedScore = await score(adapted);
  return { of: without.of, withoutPct: percent(without), withPct: percent(adaptedScore) };
}

const percent = ({ right, of }: Score): number => Math.round((1_000 * right) / Math.max(1, of)) / 10;

const shareOf = (score: Score) => ({ of: score.of, pct: percent(score) });

function optionsOf(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        write: { type: 'boolean' },
        data: { type: 'string' },
        commands: { type: 'string' },
      },
    });
    const { json = false, write = false, data = defaultData, commands } = values;
    return { json, write, data, commands };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}
