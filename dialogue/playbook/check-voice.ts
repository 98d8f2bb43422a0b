import { everySentence } from './every-sentence.ts';
import type { Report } from './report.ts';
import { linesOf } from './sentences.ts';
import type { Source } from './source.ts';
import { forbiddenIn } from './voice.ts';

/** What the brand never says stands in none of its sentences. */
export function checkVoice(source: Source, report: Report): void {
  for (const { path, says } of everySentence(source)) {
    const texts = [
      ...linesOf(says).map(({ text }) => text),
      linesOf(says)
        .map(({ text }) => text)
        .join(' '),
    ];
    for (const text of texts) {
      const phrase = forbiddenIn(text, source.voice.forbidden);
      if (phrase === undefined) continue;
      const [section, key] = path;
      const own = section !== 'wording' || source.wording[String(key)] !== undefined;
      report.error(
        path,
        `"${text}" has the forbidden phrase "${phrase}".`,
        own ? 'say it in other words' : `say it in other words under \`wording: { ${String(key)}: … }\``,
      );
      break;
    }
  }
}
