import { joinLetters } from './letters.ts';
import { firstNames, lastNames } from './names.ts';
import { isNumberWord } from './number-words.ts';

const first = new Set(firstNames);
const last = new Set(lastNames);

const leadIns: readonly (readonly string[])[] = [
  'my name is',
  "my name's",
  'my name',
  'name is',
  'the name is',
  "the name's",
  'this is',
  'i am',
  "i'm",
  'it is',
  "it's",
  'its',
  'call me',
  'you can call me',
  'here is',
  'put it under',
  "it's under",
].map((phrase) => phrase.split(' '));
/** After these anything may be a name; after "I'm" only a known one. */
const certain = new Set([
  'my name is',
  "my name's",
  'my name',
  'name is',
  'the name is',
  "the name's",
  'call me',
  'you can call me',
]);

const stop = new Set(
  `and i i'm im need want have a an the to for with my your our you we it its is are was this that here there calling looking
interested just about in on of at from not no yes yeah yep sure okay ok so but what who why how when where do does can could would
will please thanks thank hello hi hey good great fine um uh er well phone number email roof house home because hoping trying wondering
having getting going sorry back again really pretty very right wrong correct don't know tell rather prefer
budget square feet dollars tomorrow today monday tuesday wednesday thursday friday saturday sunday bye goodbye wait actually nope
first last name spelled spell mister missus doctor mr mrs ms dr human robot person someone anyone nothing none new i'd i'll i've say under put`.split(
    /\s+/,
  ),
);

/** Words that nobody is called, and that a recogniser which is taught to hear times makes of a last name. */
const soundsLike: ReadonlyMap<string, string> = new Map([["o'clock", 'clark']]);

export interface PersonName {
  readonly name: string;
  readonly confidence: number;
}

/** A caller's name: "this is Susan Miller", or the bare name when it was `asked` for. `typed` text may hold any name. */
export function nameIn(said: readonly string[], asked: boolean, typed: boolean): PersonName | null {
  // "anna, double n": a remark on the spelling.
  const words = respelled(joinLetters(withoutParts(withoutRemark(said)), 3), said).filter(
    (word) => !/^(.)\1$/.test(word),
  );
  for (const phrase of leadIns) {
    const at = words.findIndex((_, start) => phrase.every((word, i) => words[start + i] === word));
    if (at < 0) continue;
    const taken = take(words.slice(at + phrase.length));
    if (taken.length === 0 || beginsAddress(words.slice(at + phrase.length), taken)) continue;
    const known = first.has(taken[0] ?? '');
    if (known || certain.has(phrase.join(' ')) || (asked && taken.length <= 3)) {
      return { name: titleCase(taken), confidence: known ? 0.95 : 0.75 };
    }
  }
  if (!asked) return null;
  const rest = withoutStops(words);
  const taken = take(rest);
  if (taken.length === 0 || taken.length !== rest.length) {
    // A known first and last name anywhere, as in "sure susan miller that's me".
    const at = words.findIndex((word, index) => first.has(word) && last.has(words[index + 1] ?? ''));
    return at < 0 ? null : { name: titleCase(words.slice(at, at + 2)), confidence: 0.85 };
  }
  const known = taken.some((word) => first.has(word) || last.has(word));
  if (!known && !typed && taken.length > 2) return null;
  return { name: titleCase(taken), confidence: known ? 0.9 : typed ? 0.8 : 0.6 };
}

/** "sure it's … please": what stands around a bare name. Between two words it would part them. */
function withoutStops(words: readonly string[]): readonly string[] {
  let start = 0;
  let end = words.length;
  while (start < end && start < 3 && stop.has(words[start] ?? '')) start++;
  while (end > start && words.length - end < 2 && stop.has(words[end - 1] ?? '')) end--;
  return words.slice(start, end);
}

/** "katie with a k" */
function withoutRemark(words: readonly string[]): readonly string[] {
  const at = words.findIndex(
    (word, index) => index > 0 && word === 'with' && /^(?:an?|one|two)$/.test(words[index + 1] ?? ''),
  );
  return at < 0 ? words : words.slice(0, at);
}

/** "smith, s m y t h" → smyth: the spelling is the name that was said just before. */
function respelled(words: readonly string[], said: readonly string[]): string[] {
  const out: string[] = [];
  for (const word of words) {
    const last = out.at(-1) ?? '';
    const spelled =
      word.length > 2 && said.filter((other) => other === word).length < words.filter((other) => other === word).length;
    const same = last[0] === word[0] && Math.abs(last.length - word.length) <= 2 && last.length > 1;
    if ((spelled || !said.includes(word)) && same) out.pop();
    out.push(word);
  }
  return out;
}

/** "first name ada, last name lovelace" → ada lovelace */
function withoutParts(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word, index) => word === 'first' && words[index + 1] === 'name');
  const last = words.findIndex((word, index) => word === 'last' && words[index + 1] === 'name');
  if (first < 0 || last < first) return words;
  const value = (from: number, to: number) => words.slice(from, to).filter((word) => word !== 'is' && word !== 'and');
  return [...value(first + 2, last), ...value(last + 2, words.length)];
}

/** Up to three words that can be a name. */
function take(words: readonly string[]): string[] {
  const taken: string[] = [];
  for (const word of words) {
    if (stop.has(word) || isNumberWord(word) || !/^[\p{L}']+$/u.test(word) || taken.length === 3) break;
    // "susan miller m i l l e r": the spelling says the same again.
    if (taken.at(-1) === word) break;
    taken.push(taken.length > 0 ? (soundsLike.get(word) ?? word) : word);
  }
  // "susan and", "susan by the way": known two-part names end there.
  if (taken.length === 3 && first.has(taken[0] ?? '') && last.has(taken[1] ?? '') && !last.has(taken[2] ?? ''))
    taken.pop();
  return taken;
}

const addressMarks = new Set(['dot', 'at', 'underscore', 'dash', 'hyphen']);

/** "it's diana dot ross at …": an e-mail address, not a name. */
function beginsAddress(words: readonly string[], taken: readonly string[]): boolean {
  return taken.some((word) => addressMarks.has(word)) || addressMarks.has(words[taken.length] ?? '');
}

export function isKnownName(word: string): boolean {
  return first.has(word) || last.has(word);
}

function titleCase(words: readonly string[]): string {
  return words
    .map((word) => word.replaceAll(/(^|')(\p{L})/gu, (_, mark: string, letter: string) => mark + letter.toUpperCase()))
    .join(' ')
    .slice(0, 120);
}
