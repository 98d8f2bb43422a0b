import { isKnownName } from '../../dialogue/capture/person-name.ts';
import type { Chance } from './chance.ts';

/** How people say numbers and addresses. */

const digitNames = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const digit = (figure: string, oh: boolean): string =>
  figure === '0' && oh ? 'oh' : (digitNames[Number(figure)] ?? figure);

/** "three oh three double five five …"; `doubles` shortens pairs. */
export function saidDigits(figures: string, oh: boolean, doubles: boolean): string {
  const out: string[] = [];
  for (let at = 0; at < figures.length; at++) {
    const figure = figures[at] ?? '';
    const pair = doubles && figures[at + 1] === figure && figures[at + 2] !== figure;
    out.push(pair ? `double ${digit(figure, oh)}` : digit(figure, oh));
    if (pair) at++;
  }
  return out.join(' ');
}

export const nationalDigits = (phone: string): string => (phone.startsWith('+1') ? phone.slice(2) : phone.slice(1));

/** So many digits of a phone number, from the `from`th on. */
export function saidPiece(phone: string, from: number, count: number, chance: Chance): string {
  return saidDigits(nationalDigits(phone).slice(from, from + count), chance.happens(0.7), chance.happens(0.2));
}

/** The turns in which a phone number is said: at once, or area code first. */
export function saidPhone(phone: string, chance: Chance, brief: boolean): string[] {
  const national = nationalDigits(phone);
  const oh = chance.happens(0.7);
  const doubles = chance.happens(0.3);
  const parts = [national.slice(0, 3), national.slice(3, 6), national.slice(6)].map((part) =>
    saidDigits(part, oh, doubles),
  );
  if (!brief && chance.happens(0.2)) return [parts[0] ?? '', parts.slice(1).join(' ')];
  const lead = brief ? '' : chance.pick(['', '', "it's ", 'my number is ', 'sure it is ']);
  return [lead + parts.join(' ')];
}

const marks: ReadonlyMap<string, string> = new Map([
  ['.', 'dot'],
  ['_', 'underscore'],
  ['-', 'dash'],
  ['+', 'plus'],
  ['@', 'at'],
]);
const saidAsWords = /^(?:gmail|yahoo|hotmail|outlook|icloud|example|com|net|org|info|mail|home|test)$/;

/** jane.xu7@gmail.com → "jane dot x u seven at gmail dot com". */
export function saidEmail(email: string): string {
  return (email.match(/[a-z]+|\d|[^a-z\d]/g) ?? [])
    .map((part) => {
      const mark = marks.get(part);
      if (mark !== undefined) return mark;
      if (/\d/.test(part)) return digit(part, false);
      return saidAsWords.test(part) || isKnownName(part) ? part : [...part].join(' ');
    })
    .join(' ');
}

const nato =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu'.split(
    ' ',
  );

/** "susan miller": said, or the last name spelled, when it has to be said again in NATO's letters. */
export function saidName(name: string, chance: Chance, brief: boolean, times: number): string {
  const plain = name.toLowerCase();
  const last = plain.split(' ').at(-1) ?? plain;
  if (times > 1) return `${plain} ${[...last].map((letter) => nato[letter.charCodeAt(0) - 97] ?? letter).join(' ')}`;
  if (brief) return plain;
  return chance.pick([
    plain,
    `my name is ${plain}`,
    `it's ${plain}`,
    `${plain} that's ${[...last].join(' ')}`,
    `this is ${plain}`,
  ]);
}

/** "no it's five not nine" where one figure differs and it is clear which; else null. */
export function saidDigitCorrection(right: string, read: string): string | null {
  if (right.length !== read.length) return null;
  const wrong = [...right].flatMap((figure, at) => (figure === read[at] ? [] : [at]));
  const [only] = wrong;
  if (wrong.length !== 1 || only === undefined) return null;
  const figure = read[only] ?? '';
  if (read.indexOf(figure) !== read.lastIndexOf(figure)) return null;
  return `no it's ${digit(right[only] ?? '', false)} not ${digit(figure, false)}`;
}
