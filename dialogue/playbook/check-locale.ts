import { wordingKeys } from '../phrase/wording.ts';
import { isEnglish, knownLocales } from './locales.ts';
import type { Report } from './report.ts';
import type { Source } from './source.ts';

/** The locale is one we know, and nothing is said in English where another language is spoken. */
export function checkLocale({ locale, wording }: Source, report: Report): void {
  report.refers(locale, knownLocales, ['locale'], 'locale');
  if (!knownLocales.includes(locale) || isEnglish(locale)) return;
  report.warn(['locale'], needsCloud(locale));
  const missing = wordingKeys.filter((key) => wording[key] === undefined);
  if (missing.length > 0)
    report.warn(
      ['wording'],
      `${missing.length} sentences of the engine's own are still English: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}.`,
      'write them under `wording:`; `show` lists them all',
    );
}

export const needsCloud = (locale: string): string =>
  `The embedded recogniser and what the agent understands by itself are English: "${locale}" needs cloud speech and a language model.`;
