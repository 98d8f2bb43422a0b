import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWav } from '../../server/audio/wav.ts';

export class DataError extends Error {}

/** One spoken digit: Int16 mono at 8,000 Hz, silence trimmed. */
export interface Take {
  readonly digit: string;
  readonly speaker: string;
  readonly samples: Int16Array;
}

const maxTakeMs = 5_000;

/** Takes named `<digit>_<speaker>_<number>.wav`, as the free spoken digit dataset has them. */
export function readTakes(folder: string): Take[] {
  if (!existsSync(folder)) {
    throw new DataError(
      `There is no folder ${folder}. Put digit recordings there, or name another one with --data DIR.`,
    );
  }
  const takes: Take[] = [];
  for (const name of readdirSync(folder).sort()) {
    const parts = /^(\d)_([a-z0-9-]+)_\w+\.wav$/i.exec(name);
    const [, digit, speaker] = parts ?? [];
    if (digit === undefined || speaker === undefined) continue;
    takes.push({ digit, speaker, samples: readTake(join(folder, name)) });
  }
  if (takes.length === 0) throw new DataError(`${folder} has no files named <digit>_<speaker>_<number>.wav.`);
  return takes;
}

function readTake(file: string): Int16Array {
  try {
    const { sampleRateHz, pcm } = decodeWav(readFileSync(file));
    if (sampleRateHz !== 8_000) throw new DataError(`${file} is at ${sampleRateHz} Hz; 8,000 is needed.`);
    if (pcm.length === 0 || pcm.length > 8 * maxTakeMs)
      throw new DataError(`${file} must be between 0 and ${maxTakeMs} ms long.`);
    return pcm;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`Cannot read ${file}: it must be a mono 16-bit WAV file.`, { cause });
  }
}

/** Who has said every digit, with their takes by digit. */
export function speakersOf(takes: readonly Take[]): Map<string, ReadonlyMap<string, readonly Take[]>> {
  const speakers = new Map<string, Map<string, Take[]>>();
  for (const take of takes) {
    const digits = speakers.get(take.speaker) ?? new Map<string, Take[]>();
    digits.set(take.digit, [...(digits.get(take.digit) ?? []), take]);
    speakers.set(take.speaker, digits);
  }
  for (const [speaker, digits] of speakers) if (digits.size < 10) speakers.delete(speaker);
  if (speakers.size === 0) throw new DataError('No speaker has said all ten digits.');
  return speakers;
}
