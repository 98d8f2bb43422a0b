import * as v from 'valibot';
import { EmailAddress } from '../../contract/primitives.ts';
import { digitRunsIn } from './digits.ts';
import { joinLetters } from './letters.ts';

const typedAddress = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/i;
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
]);
const signs: ReadonlyMap<string, string> = new Map([
  ['dot', '.'],
  ['point', '.'],
  ['period', '.'],
  ['underscore', '_'],
  ['dash', '-'],
  ['hyphen', '-'],
  ['minus', '-'],
  ['plus', '+'],
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
  'g mail': 'gmail',
  'hot mail': 'hotmail',
  'i cloud': 'icloud',
  'out look': 'outlook',
};

/** Words before the address itself: "yeah my email is jane at …" → jane at … */
function address(words: readonly string[]): readonly string[] {
  const at = words.lastIndexOf('at');
  const limit = at < 0 ? words.length : at;
  let start = 0;
  for (let index = 0; index < limit; index++) {
    if (leadIns.has(words[index] ?? '') && !(words[index] === 'mail' && words[index - 1] === 'g')) start = index + 1;
  }
  // "mail me at jane at …"
  if (words[start] === 'at') start++;
  return words.slice(start);
}

/** An address as it was said, or as far as it was: "j a n e dot doe at gmail" → jane.doe@gmail */
export function spokenAddress(words: readonly string[]): string {
  let spoken = ` ${address(words).join(' ')} `;
  for (const [said, provider] of Object.entries(splitProviders)) spoken = spoken.replace(` ${said} `, ` ${provider} `);
  const list = joinLetters(spoken.trim().split(' '));
  let out = '';
  let index = 0;
  while (index < list.length) {
    const word = list[index] ?? '';
    const run = digitRunsIn(list.slice(index))[0];
    if (run !== undefined && run.start === 0 && word !== 'o') {
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

export function isEmail(text: string): boolean {
  return v.is(EmailAddress, text);
}

/**
 * The e-mail address in an utterance, with words `soFar` when it was dictated in pieces. Unasked, only
 * a typed one or one with "at" and "dot" is taken.
 */
export function emailIn(
  text: string,
  words: readonly string[],
  asked: boolean,
  soFar: string,
): { email: string | null; words: string } {
  const typed = typedAddress.exec(text)?.[0]?.toLowerCase();
  if (typed !== undefined && isEmail(typed)) return { email: typed, words: '' };
  const at = words.lastIndexOf('at');
  if (!asked && !(at > 0 && words.indexOf('dot', at) > at)) return { email: null, words: '' };
  const here = address(words).join(' ');
  const looksLikeOne =
    at >= 0 ||
    words.includes('dot') ||
    soFar !== '' ||
    words.some((word) => /^[a-z]$/.test(word) && word !== 'i' && word !== 'a');
  if (!looksLikeOne) return { email: null, words: soFar };
  for (const candidate of [here, `${soFar} ${here}`.trim()]) {
    const email = spokenAddress(candidate.split(' '));
    if (isEmail(email) && /\.[a-z]{2,}$/.test(email)) return { email, words: '' };
  }
  return { email: null, words: `${soFar} ${here}`.trim().slice(0, 200) };
}
