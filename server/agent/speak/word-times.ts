import { msToSamples } from '../../audio/frame.ts';
import type { SpokenWord } from './synthesizer.ts';

/** What a sentence takes until its length is known: about 15 characters a second. */
const msPerUnit = 66;
/** A pause, in the length of so many letters, after a word that ends so. */
const pauses: readonly (readonly [RegExp, number])[] = [
  [/[.!?…]["”')]*$/, 6],
  [/[,;:–—]$/, 4],
];

/**
 * Where each word of a sentence probably is, for voices that do not tell: time is shared out by letters, digits count
 * for the syllables they are read as, and punctuation for a pause after the word. `docs/decisions/0022-*` has the error,
 * measured against a voice that does tell.
 *
 * @param samples the sentence's whole length at 16,000 Hz; undefined while it is not known.
 */
export function estimateWords(text: string, samples: number | undefined): SpokenWord[] {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const units = words.map((word) => ({ sound: soundUnits(word), pause: pauseUnits(word) }));
  // The pause after the last word was trimmed off.
  const total = units.reduce((sum, { sound, pause }, n) => sum + sound + (n < units.length - 1 ? pause : 0), 0);
  const samplesPerUnit = samples === undefined ? msToSamples(msPerUnit) : samples / Math.max(total, 1);
  let at = 0;
  return words.map((word, n) => {
    const { sound = 0, pause = 0 } = units[n] ?? {};
    const startSample = Math.round(at);
    const endSample = Math.round(at + sound * samplesPerUnit);
    at += (sound + pause) * samplesPerUnit;
    return { text: word, startSample, endSample };
  });
}

/** Letters, with a little for the word itself: "a" takes more than a third of "and". */
function soundUnits(word: string): number {
  const digits = word.replace(/\D/g, '').length;
  const letters = word.replace(/[^\p{L}]/gu, '').length;
  return 1.5 + letters + 4 * digits;
}

function pauseUnits(word: string): number {
  return pauses.find(([ending]) => ending.test(word))?.[1] ?? 0;
}
