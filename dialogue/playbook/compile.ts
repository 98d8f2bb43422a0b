import * as v from 'valibot';
import { BundleSchema, type Bundle } from './bundle.ts';
import { check } from './check.ts';
import { approvedSentences, contentOf } from './content.ts';
import { contentHash } from './content-hash.ts';
import { trainingExamples } from './examples.ts';
import { PlaybookError, type PlaybookIssue } from './issue.ts';
import { differenceOf } from './patch.ts';
import { patched } from './patched.ts';
import { readYaml } from './read-yaml.ts';
import { isEnglish } from './locales.ts';
import type { Source } from './source.ts';
import { speechPhrases } from './speech.ts';
import { train } from './train.ts';
import { localePatches, translated } from './translated.ts';

export { PlaybookError, type PlaybookIssue } from './issue.ts';

/**
 * A folder of YAML files → one checked bundle, named by its content. The same files give the same hash.
 * Throws a `PlaybookError` with everything that is wrong.
 */
export async function compilePlaybook(
  files: readonly { path: string; text: string }[],
): Promise<{ bundle: Bundle; warnings: readonly PlaybookIssue[] }> {
  const issues: PlaybookIssue[] = [];
  const located = readYaml(files, issues);
  // Of a file that cannot be read nothing is known: checking references would only mislead.
  if (issues.some(({ field }) => field === '')) throw new PlaybookError(issues);
  const { errors, warnings } = check(located);
  if (issues.length + errors.length > 0) throw new PlaybookError([...issues, ...errors]);
  const content = build(located.source);
  return { bundle: v.parse(BundleSchema, { ...content, hash: await contentHash(content) }), warnings };
}

function build(source: Source): Omit<Bundle, 'hash'> {
  const content = contentOf(source);
  const arms = source.experiments.map(({ id, arms }) => ({
    id,
    arms: arms.map((arm) => ({ ...arm, content: contentOf(patched(source, arm.patch)) })),
  }));
  const phrases = speechPhrases(source);
  const locales = localePatches(source, content);
  // The embedded voice speaks English only: what is said in other languages is not made ahead.
  const english = Object.entries(source.locales)
    .filter(([locale]) => isEnglish(locale))
    .map(([locale, words]) => contentOf(translated(source, locale, words)));
  const contents = [content, ...arms.flatMap((experiment) => experiment.arms.map((arm) => arm.content)), ...english];
  return {
    ...content,
    experiments: arms.map((experiment) => ({
      id: experiment.id,
      arms: experiment.arms.map((arm) => ({
        id: arm.id,
        weight: arm.weight,
        patch: differenceOf(content, arm.content),
      })),
    })),
    // Absent, not empty: bundles without other languages keep their names.
    ...(locales.length === 0 ? {} : { locales }),
    classifier: train(trainingExamples(source)),
    speech: {
      phrases,
      words: [...new Set(phrases.flatMap((phrase) => phrase.split(' ')))].sort(),
      approved: [...new Set(contents.flatMap(approvedSentences))],
    },
  };
}
