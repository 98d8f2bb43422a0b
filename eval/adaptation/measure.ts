import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../dialogue/learn/random.ts';
import { resample } from '../../server/audio/resampler.ts';
import { decodeWav } from '../../server/audio/wav.ts';
import type { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { DataError } from '../digits/data.ts';
import { digitsOf, Ear, type Recognizers } from '../digits/ear.ts';
import type { LineKind } from '../digits/line.ts';
import { hearDigits, randomNumber, type Speaker, type Trial } from '../digits/measure.ts';
import { Mouth, withRoom } from '../digits/mouth.ts';

const seed = 31;
/** As the dialogue asks for a number. */
const pieceLengths = [3, 3, 4];

/** The same engine without its transform. */
export const unadapted = (factory: PocketSphinxFactory): Recognizers => ({
  create: async () => {
    const recognizer = await factory.create();
    return {
      feed: (samples) => recognizer.feed(samples),
      expect: (reply) => recognizer.expect?.(reply),
      partial: () => recognizer.partial(),
      finish: () => recognizer.finish(),
      discard: () => recognizer.discard(),
      close: () => recognizer.close(),
    };
  },
});

export interface Command {
  readonly text: string;
  /** Int16 mono at 16,000 Hz. */
  readonly samples: Int16Array;
}

/** `transcript.txt` has a line `<file without .wav>|<words>` for each recording at 16,000 Hz. */
export function readCommands(folder: string): Command[] {
  try {
    const lines = readFileSync(join(folder, 'transcript.txt'), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [file = '', text = ''] = line.split('|');
      const { sampleRateHz, pcm } = decodeWav(readFileSync(join(folder, `${file}.wav`)));
      if (sampleRateHz !== 16_000) throw new DataError(`${file}.wav is at ${sampleRateHz} Hz; 16,000 is needed.`);
      return { text, samples: pcm };
    });
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `Cannot read the commands in ${folder}: it must hold transcript.txt and mono 16-bit WAV files.`,
      {
        cause,
      },
    );
  }
}

export interface Score {
  readonly right: number;
  readonly of: number;
}

export const singles = async (factory: Recognizers, speakers: readonly Speaker[], line: LineKind): Promise<Score> =>
  scoreOf(await each(speakers, (speaker) => hearDigits(factory, speaker, line)));

/** Pieces of numbers, as the dialogue asks for them: one call a speaker. */
export const pieces = async (factory: Recognizers, speakers: readonly Speaker[], count: number): Promise<Score> =>
  scoreOf(
    await each(speakers, async ({ name, takes }) => {
      const random = seeded(seed);
      const mouth = new Mouth(takes, random);
      const ear = await Ear.open(factory, 'old');
      const trials: Trial[] = [];
      for (let index = 0; index < count; index += 1) {
        const length = pieceLengths[index % pieceLengths.length] ?? 3;
        const said = randomNumber(random).slice(0, length);
        const sound = withRoom([mouth.say(said, 'grouped')], random);
        const { text } = await ear.hear(sound, { kind: 'digits', count: length, except: [] });
        trials.push({ speaker: name, said, heard: digitsOf(text) });
      }
      await ear.close();
      return trials;
    }),
  );

/** Each command word for word, in one call over an old line. */
export async function commandsByTelephone(factory: Recognizers, commands: readonly Command[]): Promise<Score> {
  const random = seeded(seed);
  const ear = await Ear.open(factory, 'old');
  let right = 0;
  for (const { text, samples } of commands) {
    const narrow = withRoom([resample(samples, 16_000, 8_000)], random);
    if ((await ear.hear(narrow, { kind: 'open' })).text === text) right += 1;
  }
  await ear.close();
  return { right, of: commands.length };
}

/** The same with their whole band, as a browser sends it. */
export async function commandsByBrowser(factory: Recognizers, commands: readonly Command[]): Promise<Score> {
  const recognizer = await factory.create();
  let right = 0;
  for (const { text, samples } of commands) {
    recognizer.feed(new Int16Array(1_600));
    recognizer.feed(samples);
    recognizer.feed(new Int16Array(4_000));
    if ((await recognizer.finish()).text === text) right += 1;
  }
  await recognizer.close();
  return { right, of: commands.length };
}

async function each(speakers: readonly Speaker[], hear: (speaker: Speaker) => Promise<Trial[]>): Promise<Trial[]> {
  const all: Trial[] = [];
  for (const speaker of speakers) all.push(...(await hear(speaker)));
  return all;
}

const scoreOf = (trials: readonly Trial[]): Score => ({
  right: trials.filter(({ said, heard }) => said === heard).length,
  of: trials.length,
});
