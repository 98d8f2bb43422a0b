import { seeded } from '../../../dialogue/learn/random.ts';
import { resample } from '../../../server/audio/resampler.ts';
import { throughLine } from '../../digits/line.ts';

/** What is around the caller, or between the caller and us. Sound is Int16 mono at 16,000 Hz. */
export const conditions = ['clean', 'noise20', 'noise10', 'telephone'] as const;
export type Condition = (typeof conditions)[number];

/** How far the people in the room are below the caller, in dB. Null: nobody else is there. */
export const noiseBelowDb: Readonly<Record<Condition, number | null>> = {
  clean: null,
  noise20: 20,
  noise10: 10,
  telephone: null,
};

/** Root mean square of samples. */
export function levelOfAll(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

/** The same sound so many dB below a level. */
export function below(samples: Int16Array, level: number, belowDb: number): Int16Array {
  const factor = (level * 10 ** (-belowDb / 20)) / Math.max(1, levelOfAll(samples));
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
}

/** The same sound from another place on, the beginning at the end: each call hears other words. */
export function rotated(samples: Int16Array, seed: number): Int16Array {
  const start = Math.floor(seeded(seed)() * samples.length);
  const turned = new Int16Array(samples.length);
  turned.set(samples.subarray(start));
  turned.set(samples.subarray(0, start), samples.length - start);
  return turned;
}

/** An ordinary telephone: 300 to 3,400 Hz, and eight bits a sample by the µ-law. */
export function overTelephone(samples: Int16Array): Int16Array {
  return resample(throughLine(resample(samples, 16_000, 8_000), 'old'), 8_000, 16_000);
}
