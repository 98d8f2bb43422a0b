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
import type { Source } from './source.ts';
import { speechPhrases } from './speech.ts';
import { train } from './train.ts';

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
  const contents = [content, ...arms.flatMap((experiment) => experiment.arms.map((arm) => arm.content))];
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
    classifier: train(trainingExamples(source)),
    speech: {
      phrases,
      words: [...new Set(phrases.flatMap((phrase) => phrase.split(' ')))].sort(),
      approved: [...new Set(contents.flatMap(approvedSentences))],
    },
  };
}
