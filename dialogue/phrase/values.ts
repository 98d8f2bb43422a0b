import { DateTime } from 'luxon';
import type { Sentence } from '../../contract/act.ts';
import type { Slot } from '../../contract/scheduling.ts';
import { isKnownName } from '../capture/person-name.ts';
import { displayPhone } from '../capture/phone.ts';
import type { Bundle } from '../playbook/bundle.ts';
import { clockWords, digitWords, ordinalWords, spokenOf } from './spoken.ts';

/** Sentences around a value of this call. They are short and stand alone, so that all else stays fixed. */

function sentence(text: string, spoken: string): Sentence {
  return { text, spoken, approved: false, cites: [] };
}

const local = (bundle: Bundle, atMs: number): DateTime =>
  DateTime.fromMillis(atMs, { zone: bundle.scheduling.timeZone, locale: 'en-US' });

/** "Tuesday, November 24 at 10 AM" */
export function momentText(bundle: Bundle, atMs: number): string {
  const at = local(bundle, atMs);
  return at.toFormat(at.minute === 0 ? "cccc, LLLL d 'at' h a" : "cccc, LLLL d 'at' h:mm a");
}

export const slotText = (bundle: Bundle, slot: Slot): string => momentText(bundle, slot.startMs);

function momentSpoken(bundle: Bundle, atMs: number): string {
  const at = local(bundle, atMs);
  return `${at.toFormat('cccc, LLLL')} ${ordinalWords(at.day)}, at ${clockWords(at.hour, at.minute)}`;
}

export function slotSentence(bundle: Bundle, slot: Slot): Sentence {
  return sentence(`${slotText(bundle, slot)}.`, `${momentSpoken(bundle, slot.startMs)}.`);
}

/** "Dana from our office will call you back by Tuesday, November 24 at 5 PM." */
export function promiseSentence(
  bundle: Bundle,
  by: string,
  how: 'call' | 'write',
  dueMs: number | undefined,
): Sentence {
  const does = `${by} will ${how === 'call' ? 'call you back' : 'write to you'}`;
  if (dueMs === undefined) return sentence(`${does}.`, `${spokenOf(does)}.`);
  return sentence(`${does} by ${momentText(bundle, dueMs)}.`, `${spokenOf(does)} by ${momentSpoken(bundle, dueMs)}.`);
}

/** Asked of whoever answers a call that we made. */
export function speakingWithSentence(name: string): Sentence {
  return sentence(`Am I speaking with ${name}?`, `Am I speaking with ${name}?`);
}

/** To somebody whose number is known. It claims no more than that they have spoken before, and asks nothing. */
export function goodToHearFromYou(name: string): Sentence {
  const first = name.split(' ')[0] ?? name;
  return sentence(`Good to hear from you, ${first}.`, `Good to hear from you, ${first}.`);
}

/** Slots to choose from, one a sentence; a day that was just named is not named again. */
export function slotSentences(bundle: Bundle, slots: readonly Slot[]): Sentence[] {
  let lastDay = '';
  return slots.map((slot, index) => {
    const at = local(bundle, slot.startMs);
    const day = at.toISODate() ?? '';
    const again = day === lastDay;
    lastDay = day;
    const or = index > 0 && index === slots.length - 1 ? 'Or ' : '';
    if (!again) return sentence(`${or}${slotText(bundle, slot)}.`, `${or}${momentSpoken(bundle, slot.startMs)}.`);
    const clock = at.toFormat(at.minute === 0 ? 'h a' : 'h:mm a');
    return sentence(
      `${or === '' ? 'At' : 'Or at'} ${clock}.`,
      `${or === '' ? 'At' : 'Or at'} ${clockWords(at.hour, at.minute)}.`,
    );
  });
}

export function phoneSentence(phone: string): Sentence {
  const national = /^\+1(\d{10})$/.exec(phone)?.[1];
  return sentence(
    `${displayPhone(phone)}.`,
    national === undefined ? `plus ${digitWords(phone.slice(1))}.` : `${digitWords(national)}.`,
  );
}

/** Some digits of a number. */
export function digitsSentence(digits: string): Sentence {
  return sentence(`${[...digits].join(' ')}.`, `${[...digits].map(digitWords).join(' ')}.`);
}

const signs: ReadonlyMap<string, string> = new Map([
  ['.', 'dot'],
  ['_', 'underscore'],
  ['-', 'dash'],
  ['+', 'plus'],
  ['@', 'at'],
]);
const knownWords = new Set([
  'gmail',
  'yahoo',
  'hotmail',
  'outlook',
  'icloud',
  'com',
  'net',
  'org',
  'info',
  'example',
  'mail',
  'comcast',
  'roofing',
  'home',
  'test',
]);

/** jane.dxe42@gmail.com → "jane dot d x e four two at gmail dot com": names are said, the rest is spelled. */
function emailSpoken(email: string): string {
  return (email.match(/[a-z]+|\d|[^a-z\d]/g) ?? [])
    .map((part) => {
      if (/^\d$/.test(part)) return digitWords(part);
      const sign = signs.get(part);
      return sign ?? (isKnownName(part) || knownWords.has(part) ? part : [...part].join(' '));
    })
    .join(' ');
}

export function emailSentence(email: string): Sentence {
  return sentence(`${email}.`, `${emailSpoken(email)}.`);
}
