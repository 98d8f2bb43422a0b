import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded, shuffle } from '../../dialogue/learn/random.ts';
import { FliteSynthesizer, type FliteVoice } from '../../server/provider/flite/flite.ts';
import { momentsOf, usualColour, type Line, type Moment } from './material.ts';
import { sentences } from './sentences.ts';
import { errorDb, train } from './train.ts';

const usage = `npm run eval -- band [--json] [--write]

How well the high band of speech is guessed from what a telephone carries. Trains on synthesised voices, each judged by a
network that has not heard it. --write: train on all of them and store the weights that the product uses.`;

const voices: readonly FliteVoice[] = ['rms', 'awb', 'slt'];
const weightsFile = join(import.meta.dirname, '../../server/audio/high-band-weights.json');
/** Each voice is heard over the first line as it is, and over others. */
const lines: readonly Line[] = [
  { gain: 1, tilt: 0, noise: 0 },
  { gain: 0.6, tilt: -0.3, noise: 0 },
  { gain: 0.8, tilt: 0.3, noise: 5 },
];

export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  const speech: Int16Array[] = [];
  for (const voice of voices) speech.push(await spoken(voice));
  const usual = usualColour(speech);
  const random = seeded(7);
  const moments = speech.map((voice) => lines.flatMap((line) => momentsOf(voice, usual.usualLow, line, random)));
  if (options.write) {
    const weights = train(shuffle(moments.flat(), random), usual);
    await writeFile(weightsFile, `${JSON.stringify(weights)}\n`);
    console.error(`Wrote ${weightsFile}. Format it with: npx oxfmt ${weightsFile}`);
    return;
  }
  const heldOut = voices.map((voice, index) => {
    const others: Moment[] = moments.filter((_, other) => other !== index).flat();
    const own = moments[index] ?? [];
    return {
      voice,
      errorDb: round(errorDb(train(others, usual), own)),
      guessingTheUsualDb: round(errorDb({ ...usual, hidden: [], output: usual.usualHigh.map(() => []) }, own)),
    };
  });
  const report = { name: 'band', moments: moments.flat().length, heldOut };
  console.log(options.json ? JSON.stringify(report) : heldOut.map((voice) => JSON.stringify(voice)).join('\n'));
}

function optionsOf(args: readonly string[]): { json: boolean; write: boolean } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, write: { type: 'boolean' } },
    });
    return { json: values.json ?? false, write: values.write ?? false };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

/** All sentences of one voice, with short silences between them. */
async function spoken(voice: FliteVoice): Promise<Int16Array> {
  const synthesizer = new FliteSynthesizer(voice);
  const parts: Int16Array[] = [];
  for (const sentence of sentences) parts.push((await synthesizer.synthesize(sentence)).samples, new Int16Array(4_000));
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const round = (value: number): number => Math.round(value * 100) / 100;
