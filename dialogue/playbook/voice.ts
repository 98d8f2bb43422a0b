import * as v from 'valibot';
import { ShortText } from '../../contract/primitives.ts';
import { indexOfPhrase, wordsOf } from '../understand/words.ts';

const phrase = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** The brand's voice, as an owner writes it. */
export const voice = v.strictObject({
  /** How a language model should sound: "warm", "short sentences", "never pushy". */
  style: v.optional(v.pipe(v.array(ShortText), v.maxLength(20)), []),
  /** Never said, by anyone: checked in every sentence here, and by the guard in a call. */
  forbidden: v.optional(v.pipe(v.array(phrase), v.maxLength(200)), []),
  /** How the voice reads a word it gets wrong: `Nguyen: win`. */
  pronounce: v.optional(v.record(phrase, phrase), {}),
});

/** The first forbidden phrase that stands in a sentence, as whole words in any case. */
export function forbiddenIn(text: string, forbidden: readonly string[]): string | undefined {
  const words = wordsOf(text);
  return forbidden.find((each) => indexOfPhrase(words, wordsOf(each)) >= 0);
}

/** A sentence as the voice should read it, its difficult words respelled. */
export function pronounced(text: string, pronounce: Readonly<Record<string, string>>): string {
  return Object.entries(pronounce).reduce(
    (said, [word, sound]) =>
      said.replaceAll(new RegExp(`(?<![\\p{L}\\d])${escaped(word)}(?![\\p{L}\\d])`, 'giu'), () => sound),
    text,
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
