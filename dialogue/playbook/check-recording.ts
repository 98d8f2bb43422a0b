import type { Path, Report } from './report.ts';
import { linesOf } from './sentences.ts';
import type { Source } from './source.ts';
import { translated } from './translated.ts';

/** "Recorded", in each language that a disclosure may be written in. */
const recorded =
  /(?<![\p{L}])(?:recorded|recording|records?|grab|enregistr|aufgezeichnet|aufgenommen|aufnahme|aufzeichn|registra|grava|opgenomen|opname)/iu;
const denied =
  /(?<![\p{L}])(?:not|never|no|isn't|aren't|won't|nicht|keine?|non|pas|não|niet|geen)\s+(?:\p{L}+\s+){0,2}?(?:record|grab|enregistr|aufge|aufnahme|registr|grava|opgenomen|opname)/iu;

/** Nobody is recorded who was not told, in any of the languages. */
export function checkRecording(source: Source, report: Report): void {
  if (source.business.recording !== 'on') return;
  checkDisclosure(source, [], report);
  for (const [locale, words] of Object.entries(source.locales))
    checkDisclosure(translated(source, locale, words), ['locales', locale], report);
}

function checkDisclosure({ disclosure }: Source, path: Path, report: Report): void {
  const spoken = linesOf(disclosure.spoken)
    .map(({ text }) => text)
    .join(' ');
  for (const [field, text] of Object.entries({ text: disclosure.text, spoken })) {
    if (recorded.test(text) && !denied.test(text)) continue;
    report.error(
      [...path, 'disclosure', field],
      'Calls are recorded, and the disclosure does not say so.',
      'say that the call is recorded, or write `recording: off` under `business:`',
    );
  }
}
