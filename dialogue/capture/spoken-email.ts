import { digitRunsIn } from './digits.ts';
import { joinLetters } from './letters.ts';

const leadIns: ReadonlySet<string> = new Set([
  'is',
  'mail',
  'email',
  'address',
  "it's",
  'its',
  'use',
  'be',
  'me',
  'to',
  'my',
  'yes',
  'yeah',
  'sure',
  'okay',
  'no',
  'um',
  'uh',
  'so',
  "that's",
  'that',
]);
/** What is said about an address and does not belong to it. */
const remarks: readonly string[] = [
  "that's all one word",
  "that's one word",
  "it's all one word",
  "it's one word",
  'all one word',
  'one word',
  'all lower case',
  'all lowercase',
  'lower case',
  'lowercase',
  'no spaces',
  'no space',
  'no dots',
  'all together',
  'with no spaces',
  'altogether',
  'capital',
  'the letter',
  'the number',
  'the digit',
  'the at sign',
];
const signs: ReadonlyMap<string, string> = new Map([
  ['dot', '.'],
  ['point', '.'],
  ['period', '.'],
  ['underscore', '_'],
  ['dash', '-'],
  ['hyphen', '-'],
  ['minus', '-'],
  ['plus', '+'],
  ['ampersand', '&'],
  ['at', '@'],
]);
const providers: ReadonlySet<string> = new Set([
  'gmail',
  'yahoo',
  'outlook',
  'hotmail',
  'icloud',
  'aol',
  'comcast',
  'msn',
]);
const splitProviders: Readonly<Record<string, string>> = {
  dotcom: 'dot com',
  'at sign': 'at',
  'under score': 'underscore',
  'g mail': 'gmail',
  'hot mail': 'hotmail',
  'i cloud': 'icloud',
  'out look': 'outlook',
};

const topLevels: ReadonlySet<string> = new Set(['com', 'net', 'org', 'edu', 'gov', 'io', 'info', 'biz', 'us', 'uk']);
const thanks: ReadonlySet<string> = new Set(['please', 'thanks', 'thank', 'you', 'ok', 'okay']);

/** After "dot com" comes something else, unless it is another dot. */
function endOf(words: readonly string[], at: number): number {
  for (let index = at < 0 ? words.length : at + 1; index < words.length; index++) {
    if (words[index - 1] === 'dot' && topLevels.has(words[index] ?? '') && words[index + 1] !== 'dot') return index + 1;
  }
  let end = words.length;
  while (end > 0 && thanks.has(words[end - 1] ?? '')) end--;
  return end;
}

/** Words before the address itself: "yeah my email is jane at …" → jane at … */
export function addressWords(words: readonly string[]): readonly string[] {
  const at = words.lastIndexOf('at');
  const limit = at < 0 ? words.length : at;
  let start = 0;
  for (let index = 0; index < limit; index++) {
    if (leadIns.has(words[index] ?? '') && !(words[index] === 'mail' && words[index - 1] === 'g')) start = index + 1;
  }
  // "mail me at jane at …", but "my address is me at example dot com".
  if (words[start] === 'at') {
    if (words.indexOf('at', start + 1) >= 0) start++;
    else if (start > 0 && words[start - 1] === 'me') start--;
  }
  return words.slice(start, endOf(words, at));
}

/** An address as it was said, or as far as it was: "j a n e dot doe at gmail" → jane.doe@gmail */
export function spokenAddress(words: readonly string[]): string {
  let spoken = ` ${addressWords(words).join(' ')} `;
  for (const [said, provider] of Object.entries(splitProviders)) spoken = spoken.replace(` ${said} `, ` ${provider} `);
  const list = withoutRepeats(joinLetters(spoken.trim().split(' ')), words);
  let out = '';
  let index = 0;
  while (index < list.length) {
    const word = list[index] ?? '';
    const run = digitRunsIn(list.slice(index, index + 30))[0];
    if (run !== undefined && run.start === 0 && word !== 'o' && (word !== 'oh' || words.includes(word))) {
      out += run.digits;
      index += run.end;
      continue;
    }
    if (word === 'underscore' || word !== 'uh') out += signs.get(word) ?? word.replaceAll("'", '');
    index++;
  }
  const provider = /@([a-z]+)$/.exec(out)?.[1];
  return provider !== undefined && providers.has(provider) ? `${out}.com` : out;
}

export function withoutRemarks(words: readonly string[]): string[] {
  let text = ` ${words.join(' ')} `;
  for (const remark of remarks) text = text.replaceAll(` ${remark} `, ' ');
  return text.trim().split(' ');
}

/** "jane that's j a n e": the spelling says the same again. */
function withoutRepeats(list: readonly string[], words: readonly string[]): string[] {
  const once = (word: string) => words.indexOf(word) === words.lastIndexOf(word);
  return list.filter((word, index) => !(word.length > 2 && word === list[index - 1] && once(word)));
}
