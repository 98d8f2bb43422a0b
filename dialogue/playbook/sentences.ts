import { spokenOf } from '../phrase/spoken.ts';
import type { Line } from './bundle.ts';
import { isEnglish } from './locales.ts';
import type { SourceSentences } from './sentence-source.ts';
import { pronounced } from './voice.ts';

/** A longer sentence tires the ear. */
export const maxWords = 22;

/** An owner's sentences as lines: text split at full stops, with what the voice reads where it differs. */
export function linesOf(
  says: SourceSentences | readonly string[],
  pronounce: Readonly<Record<string, string>> = {},
  locale = 'en-US',
): Line[] {
  const list = typeof says === 'string' ? [says] : says;
  return list.flatMap((item) => {
    if (typeof item !== 'string')
      return [{ text: item.text, ...(item.spoken === undefined ? {} : { spoken: item.spoken }) }];
    return splitSentences(item).map((text) => {
      // Voices of other languages read numbers themselves.
      const spoken = pronounced(isEnglish(locale) ? spokenOf(text) : text, pronounce);
      return spoken === text ? { text } : { text, spoken };
    });
  });
}

/** Splits at `.`, `!` or `?` before a capital letter; "10 A.M." and "$4.50" stay whole. */
function splitSentences(text: string): string[] {
  return text
    .trim()
    .split(/(?<=[\p{Ll}0-9)%'’"][.!?])\s+(?=[\p{Lu}0-9"'¿¡])/u)
    .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}
