import { smallAt } from './numbers.ts';
import { textAt, type Token } from './tokens.ts';

/** Hour and minute as they were said, before the half of the day is known. */
export interface Face {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly end: number;
  /** To be added: "ten to eight" is eight and -10. */
  readonly shiftMinutes: number;
  /** Needs a cue to be a time. */
  readonly bare: boolean;
  /** Hour and minute were both said. */
  readonly pair: boolean;
}

const units =
  /^(?:hundred|thousand|k|grand|million|percent|dollars|bucks|square|squares|feet|foot|weeks?|days?|months?|years?|people|st|nd|rd|th)$/;

/** "7:56:30", "340pm", "10 H 10", "eight forty", "eleven oh five", "7". */
export function faceAt(tokens: readonly Token[], start: number): Face | null {
  const joined = tokens[start]?.apart === false;
  const before = textAt(tokens, start - 1);
  if (joined && (/^\d/.test(before) || (/^[:/.-]$/.test(before) && /^\d/.test(textAt(tokens, start - 2))))) return null;
  return figuresAt(tokens, start) ?? spelledOutAt(tokens, start) ?? wordsAt(tokens, start);
}

const face = (hour: number, minute: number, second: number, end: number, bare: boolean, pair = true): Face | null =>
  hour <= 23 && minute <= 59 && second <= 59 ? { hour, minute, second, end, shiftMinutes: 0, bare, pair } : null;

const isTwo = (text: string): boolean => /^\d{2}$/.test(text);

function figuresAt(tokens: readonly Token[], start: number): Face | null {
  const text = textAt(tokens, start);
  const sign = textAt(tokens, start + 1);
  const minute = textAt(tokens, start + 2);
  if (/^\d{1,2}$/.test(text) && isTwo(minute)) {
    if (sign === ':') {
      const second = textAt(tokens, start + 4);
      return textAt(tokens, start + 3) === ':' && isTwo(second)
        ? face(Number(text), Number(minute), Number(second), start + 5, false)
        : face(Number(text), Number(minute), 0, start + 3, false);
    }
    if (sign === 'h') return face(Number(text), Number(minute), 0, start + 3, false);
    // "8.10 pm": without its half of the day it is a number.
    if (sign === '.' && /^[ap]m?$/.test(textAt(tokens, start + 3)))
      return face(Number(text), Number(minute), 0, start + 3, true);
  }
  // "340pm", "1140 a.m."
  if (/^\d{3,4}$/.test(text) && /^[ap]m?$/.test(sign))
    return face(Number(text.slice(0, -2)), Number(text.slice(-2)), 0, start + 1, true, false);
  return null;
}

/** "fourteen hours ten minutes and thirty seconds". */
function spelledOutAt(tokens: readonly Token[], start: number): Face | null {
  const values: number[] = [];
  let index = start;
  for (const unit of ['hour', 'minute', 'second']) {
    const number = smallAt(tokens, textAt(tokens, index) === 'and' ? index + 1 : index);
    if (number === null || number.ordinal || textAt(tokens, number.end).replace(/s$/, '') !== unit) return null;
    values.push(number.value);
    index = number.end + 1;
  }
  const [hour = 0, minute = 0, second = 0] = values;
  return face(hour, minute, second, index, false);
}

function wordsAt(tokens: readonly Token[], start: number): Face | null {
  const hour = smallAt(tokens, start);
  if (hour === null || hour.ordinal || hour.value > 23) return null;
  if (textAt(tokens, hour.end) === 'hundred' && textAt(tokens, hour.end + 1) === 'hours')
    return face(hour.value, 0, 0, hour.end + 2, false);
  const next = tokens[hour.end];
  if (next !== undefined && units.test(next.text)) return null;
  // A part of "4.22" or "3/14".
  if (next !== undefined && /^[/.:]$/.test(next.text) && /^\d/.test(textAt(tokens, hour.end + 1))) return null;
  const minute = minuteAt(tokens, hour.end, hour.word);
  if (minute !== null && !units.test(textAt(tokens, minute.end)))
    return face(hour.value, minute.value, 0, minute.end, true, minute.value >= 10 || minute.oh);
  return hour.value === 0 ? null : face(hour.value, 0, 0, hour.end, true, false);
}

/** "thirty", "oh five"; "five" only after an hour that was said as a word. */
function minuteAt(
  tokens: readonly Token[],
  start: number,
  word: boolean,
): { value: number; end: number; oh: boolean } | null {
  if (textAt(tokens, start) === 'oh' || textAt(tokens, start) === 'o') {
    const last = smallAt(tokens, start + 1);
    return last === null || last.ordinal || last.value < 1 || last.value > 9 ? null : { ...last, oh: true };
  }
  const minute = smallAt(tokens, start);
  if (minute === null || minute.ordinal || minute.value < 1 || minute.value > 59) return null;
  if (minute.value < 10 && !(word && minute.word)) return null;
  const next = textAt(tokens, minute.end);
  return (next === ':' || next === '.') && /^\d/.test(textAt(tokens, minute.end + 1)) ? null : { ...minute, oh: false };
}
