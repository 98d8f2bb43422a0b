import { wordingKeys } from '../phrase/wording.ts';
import { needsCloud } from './check-locale.ts';
import { checkVariant, placeIn, type Variant } from './check-variant.ts';
import { everySentence } from './every-sentence.ts';
import type { SourceLocale } from './locale-source.ts';
import { isEnglish, knownLocales } from './locales.ts';
import { sumsSaid } from './prices.ts';
import type { Path, Report } from './report.ts';
import { linesOf } from './sentences.ts';
import type { Source } from './source.ts';
import { translated } from './translated.ts';

/** Every locale is checked like the playbook, and against it. The playbook itself must be known to be good. */
export function checkLocales(source: Source, report: Report): void {
  for (const [locale, words] of Object.entries(source.locales)) {
    const path = ['locales', locale];
    const before = report.errors.length;
    report.refers(locale, knownLocales, path, 'locale');
    if (locale === source.locale)
      report.error(path, `"${locale}" is the playbook's own locale.`, 'write these sentences in their sections');
    checkNames(source, words, path, report);
    if (report.errors.length > before) continue;
    const variant = { source: translated(source, locale, words), changes: words, path };
    checkVariant(source, variant, report);
    checkSums(source, variant, report);
    warnOfEnglish(source, locale, words, path, report);
  }
}

function checkNames(source: Source, words: SourceLocale, path: Path, report: Report): void {
  for (const [section, what] of [
    ['facts', 'fact'],
    ['questions', 'question'],
    ['objections', 'objection'],
  ] as const) {
    const known = source[section].map(({ id }) => id);
    for (const id of Object.keys(words[section])) report.refers(id, known, [...path, section, id], what);
  }
  for (const [id, { attempts }] of Object.entries(words.objections)) {
    const own = source.objections.find((objection) => objection.id === id);
    if (attempts !== undefined && own !== undefined && attempts.length !== own.attempts.length)
      report.error(
        [...path, 'objections', id, 'attempts'],
        `There are ${attempts.length} answers, and ${own.attempts.length} in the playbook.`,
        'translate each, in the same order',
      );
  }
}

/** A translation may not name another price, nor leave one out. */
function checkSums(source: Source, variant: Variant, report: Report): void {
  const own = everySentence(source);
  everySentence(variant.source).forEach(({ path, says }, index) => {
    const before = own[index]?.says;
    if (before === undefined || before === says) return;
    const [was, is] = [textOf(before), textOf(says)];
    const sums = sumsOf(was);
    if (sumsOf(is) !== sums)
      report.error(
        placeIn(variant, path),
        `"${is}" does not name the sums of "${was}".`,
        sums === '' ? 'name no sum here' : `name ${sums}, in digits with the currency's sign, as $120`,
      );
  });
}

const textOf = (says: Parameters<typeof linesOf>[0]): string =>
  linesOf(says)
    .map(({ text }) => text)
    .join(' ');

const sumsOf = (text: string): string =>
  sumsSaid(text)
    .map(({ amount, currency }) => `${amount} ${currency}`)
    .sort()
    .join(', ');

const languageOf = (locale: string): string => locale.split('-', 1)[0] ?? locale;

/** Another language is spoken in whole calls; another country's words may be a few. */
function warnOfEnglish(source: Source, locale: string, words: SourceLocale, path: Path, report: Report): void {
  if (!isEnglish(locale)) report.warn(path, needsCloud(locale));
  if (languageOf(locale) === languageOf(source.locale)) return;
  const missing = missingIn(source, words);
  if (missing.length > 0)
    report.warn(
      path,
      `${missing.length} sentences are said in ${source.locale} still: ${missing.join(', ')}.`,
      `write them under \`locales: { ${locale}: … }\`; \`show\` lists them all`,
    );
}

function missingIn(source: Source, words: SourceLocale): string[] {
  const of = <Item extends { readonly id: string }>(
    section: 'facts' | 'questions' | 'objections',
    items: readonly Item[],
    fields: (item: Item) => readonly string[],
  ): string[] =>
    items.flatMap((item) => {
      const own: Readonly<Record<string, unknown>> = Object.hasOwn(words[section], item.id)
        ? (words[section][item.id] ?? {})
        : {};
      return fields(item)
        .filter((field) => own[field] === undefined)
        .map((field) => `${section}.${item.id}.${field}`);
    });
  return [
    ...(words.greeting === undefined ? ['greeting'] : []),
    ...(words.disclosure.text === undefined ? ['disclosure.text'] : []),
    ...(words.disclosure.spoken === undefined ? ['disclosure.spoken'] : []),
    ...of('facts', source.facts, ({ offer }) => ['says', ...(offer === undefined ? [] : ['offer'])]),
    ...of('questions', source.questions, ({ again }) => ['ask', ...(again === undefined ? [] : ['again'])]),
    ...of('objections', source.objections, () => ['attempts', 'stepBack']),
    ...wordingKeys.filter((key) => words.wording[key] === undefined).map((key) => `wording.${key}`),
  ];
}
