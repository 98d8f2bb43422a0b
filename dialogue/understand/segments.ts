import { fillers, indexOfPhrase, wordsOf } from './words.ts';

/** Words that begin a new thought in speech without punctuation. */
const starters: readonly (readonly string[])[] = [
  'and',
  'but',
  'how',
  'do you',
  'are you',
  'can you',
  'can i',
  'what',
  "what's",
  'when',
  'where',
  'i need',
  'i want',
  "i'd like",
  "i'm looking",
  'my name',
  'also',
  'is there',
  'does',
  'because',
  'my number',
  'my budget',
  'my email',
  'oh',
  'so',
  'sorry',
].map((phrase) => phrase.split(' '));
const atHead = new Set(['and', 'but', 'also', 'because', 'so', 'oh', 'sorry', 'listen', 'actually']);
/** Said before what is meant. */
const asides = ['to be honest', 'you know', 'i mean', 'let me see', 'as i said'].map((phrase) => phrase.split(' '));

/** The thoughts in one utterance: "i need a new roof how much is that" is two. The whole comes first. */
export function segmentsOf(text: string): string[] {
  const segments: string[] = [];
  // A dot inside "jane.doe" or "3.5" ends nothing.
  for (const clause of text.split(/[,;!?]\s|[.](?:\s|$)|\n/)) {
    const words = wordsOf(clause);
    let from = 0;
    for (let index = 1; index < words.length; index++) {
      const starts = starters.some((phrase) => phrase.every((word, offset) => words[index + offset] === word));
      if (starts && index - from >= 3) {
        segments.push(trimHead(words.slice(from, index)));
        from = index;
      }
    }
    if (from < words.length) segments.push(trimHead(words.slice(from)));
  }
  const whole = wordsOf(text).join(' ');
  return [whole, ...segments.filter((segment) => segment !== '' && segment !== whole && !atHead.has(segment))].slice(
    0,
    8,
  );
}

function trimHead(words: readonly string[]): string {
  if (atHead.has(words[0] ?? '') && words.length > 1) return trimHead(words.slice(1));
  const aside = asides.find((phrase) => words.length > phrase.length && indexOfPhrase(words, phrase) === 0);
  return aside === undefined ? words.join(' ') : trimHead(words.slice(aside.length));
}

const questionHeads = new Set([
  'what',
  "what's",
  'how',
  'do',
  'does',
  'are',
  'is',
  'can',
  'could',
  'will',
  'would',
  'when',
  'where',
  'who',
  'why',
  'which',
  'did',
  'have',
  'should',
]);

/** What may stand before a question. */
const prefaces = new Set([...fillers, 'hi', 'hello', 'hey', 'yes', 'yeah', 'no', 'but', 'also', 'sorry', 'thanks']);

export function isQuestion(text: string): boolean {
  const words = wordsOf(text);
  return text.trim().endsWith('?') || questionHeads.has(words.find((word) => !prefaces.has(word)) ?? '');
}
