import * as v from 'valibot';
import { EmailAddress } from '../../contract/primitives.ts';
import { correctionIn, replaceOnly, type Correction } from './correction.ts';
import { joinLetters } from './letters.ts';
import { selfRepairIn } from './self-repair.ts';
import { addressWords, spokenAddress, withoutRemarks } from './spoken-email.ts';
import { writtenEmailsIn } from './written-email.ts';

export function isEmail(text: string): boolean {
  return v.is(EmailAddress, text);
}

/**
 * The e-mail address in an utterance, with words `soFar` when it was dictated in pieces. Unasked, only
 * a typed one or one with "at" and "dot" is taken.
 */
export function emailIn(
  text: string,
  heard: readonly string[],
  asked: boolean,
  soFar: string,
): { email: string | null; words: string } {
  const typed = writtenEmailsIn(text)[0];
  if (typed !== undefined && isEmail(typed)) return { email: typed, words: '' };
  const words = withoutRemarks(heard);
  const repaired = repairedEmail(words);
  if (repaired !== null) return { email: repaired, words: '' };
  const at = words.lastIndexOf('at');
  if (!asked && !(at > 0 && words.indexOf('dot', at) > at)) return { email: null, words: '' };
  const here = addressWords(words).join(' ');
  const looksLikeOne =
    at >= 0 ||
    words.includes('dot') ||
    soFar !== '' ||
    words.some((word) => /^[a-z]$/.test(word) && word !== 'i' && word !== 'a');
  if (!looksLikeOne) return { email: null, words: soFar };
  for (const candidate of [here, `${soFar} ${here}`.trim()]) {
    const email = spokenAddress(candidate.split(' '));
    if (isWhole(email)) return { email, words: '' };
  }
  return { email: null, words: `${soFar} ${here}`.trim().slice(0, 200) };
}

/** The address with a correction made, in its name before its host; null when it is not clear where. */
export function correctEmail(email: string, correction: Correction): string | null {
  const right = joinLetters(correction.right).join('');
  const wrong = joinLetters(correction.wrong).join('');
  const at = email.indexOf('@');
  const name = replaceOnly(email.slice(0, at), wrong, right);
  const corrected = name === null ? replaceOnly(email, wrong, right) : name + email.slice(at);
  return corrected !== null && isWhole(corrected) ? corrected : null;
}

const isWhole = (email: string): boolean => isEmail(email) && /\.[a-z]{2,}$/.test(email);

/** "jane at gmail dot com, no, sorry, at yahoo dot com", "… no, it's b not d". */
function repairedEmail(words: readonly string[]): string | null {
  const repair = selfRepairIn(words);
  const said = repair === null ? '' : spokenAddress(repair.said);
  if (repair === null || !said.includes('@')) return null;
  const correction = correctionIn(repair.repair);
  if (correction !== null) {
    return correctEmail(said, correction);
  }
  const host = repair.repair.indexOf('at') === 0 ? repair.repair : [];
  const again = spokenAddress(host.length === 0 ? repair.repair : [said.slice(0, said.indexOf('@')), ...host]);
  return isWhole(again) ? again : null;
}
