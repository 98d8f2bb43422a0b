import { everySentence } from './every-sentence.ts';
import type { Report } from './report.ts';
import { linesOf, maxWords } from './sentences.ts';
import type { Source } from './source.ts';

/** Sentences that tire the ear. */
export function checkLengths(source: Source, report: Report): void {
  for (const { path, says } of everySentence(source)) {
    for (const { text, spoken } of linesOf(says)) {
      const length = (spoken ?? text).split(' ').length;
      if (length > maxWords)
        report.warn(
          path,
          `A sentence of ${length} words is long for the ear: "${text.slice(0, 40)}…"`,
          'split it in two',
        );
    }
  }
}
