import { FliteSynthesizer } from '../../server/provider/flite/flite.ts';
import { resample } from '../../server/audio/resampler.ts';

/** Words that are not among the recordings, spoken by a machine: Int16 mono at 8,000 Hz. */
export type SpokenWords = (text: string) => Promise<Int16Array>;

export function synthesisedWords(): SpokenWords {
  const voice = new FliteSynthesizer('rms');
  const known = new Map<string, Promise<Int16Array>>();
  return (text) => {
    const spoken = known.get(text) ?? voice.synthesize(text).then(({ samples }) => resample(samples, 16_000, 8_000));
    known.set(text, spoken);
    return spoken;
  };
}
