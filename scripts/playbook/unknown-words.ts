import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editDistance, type PlaybookIssue } from '../../dialogue/playbook/issue.ts';

/** Where Debian's pocketsphinx-en-us puts its models, as the media node has it. */
const modelFolder = process.env['POCKETSPHINX_MODEL_DIR'] ?? '/usr/share/pocketsphinx/model/en-us';

/** The words that the embedded recogniser can hear; null where its dictionary is not installed. */
export async function recognizerWords(): Promise<ReadonlySet<string> | null> {
  const text = await readFile(join(modelFolder, 'cmudict-en-us.dict'), 'utf8').catch(() => null);
  // A line is `word PH ON EM`, or `word(2) …` for another way to say it.
  return text === null ? null : new Set(text.split('\n').map((line) => line.split(/[ (]/, 1)[0] ?? ''));
}

/** A warning for each word in the examples that the recogniser does not know, with words that it does. */
export function unknownWords(
  words: readonly string[],
  known: ReadonlySet<string>,
  files: readonly { path: string; text: string }[],
): PlaybookIssue[] {
  return words
    .filter((word) => !known.has(word))
    .flatMap((word) => {
      const place = placeOf(word, files);
      if (place === undefined) return [];
      const near = nearWords(word, known);
      const suggestion = near.length === 0 ? 'say it in other words' : `it knows ${near.join(', ')}`;
      const message = `The recogniser does not know "${word}": callers who say it are not understood.`;
      return [{ ...place, field: '', message, suggestion: `${suggestion}; write \`soundsLike: { ${word}: … }\`` }];
    });
}

/** Where a word is first written, outside of comments. */
function placeOf(word: string, files: readonly { path: string; text: string }[]) {
  const whole = new RegExp(`(?<![\\p{L}'])${word}(?![\\p{L}'])`, 'iu');
  for (const { path, text } of files) {
    const at = text.split('\n').findIndex((line) => whole.test(line.replace(/(?:^|\s)#.*/, '')));
    if (at >= 0) return { file: path, line: at + 1 };
  }
  return undefined;
}

/** Two known words that make it up, then the most like it. */
function nearWords(word: string, known: ReadonlySet<string>): string[] {
  const cuts = Array.from({ length: Math.max(0, word.length - 5) }, (_, index) => index + 3)
    .map((at) => [word.slice(0, at), word.slice(at)] as const)
    .filter(([first, second]) => known.has(first) && known.has(second))
    .map(([first, second]) => `"${first} ${second}"`);
  const like = [...known]
    .filter((other) => other[0] === word[0] && Math.abs(other.length - word.length) <= 2)
    .map((other) => ({ other, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance)
    .map(({ other }) => `"${other}"`);
  return [...cuts.slice(0, 1), ...like].slice(0, 3);
}
