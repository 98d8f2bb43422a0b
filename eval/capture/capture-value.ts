import { DateTime } from 'luxon';
import { addressIn } from '../../dialogue/capture/address.ts';
import { byDay } from '../../dialogue/capture/clock-time.ts';
import { correctDigits, correctionIn } from '../../dialogue/capture/correction.ts';
import { decimalsIn } from '../../dialogue/capture/decimal.ts';
import { correctEmail, emailIn } from '../../dialogue/capture/email.ts';
import { moneyIn } from '../../dialogue/capture/money.ts';
import { nameIn } from '../../dialogue/capture/person-name.ts';
import { phoneIn } from '../../dialogue/capture/phone.ts';
import { sumsIn, type Sum } from '../../dialogue/capture/sum.ts';
import { isoOf } from '../../dialogue/capture/time/civil.ts';
import { momentIn } from '../../dialogue/capture/time/moment.ts';
import { tokensOf } from '../../dialogue/capture/time/tokens.ts';
import { whenIn } from '../../dialogue/capture/when.ts';
import { wordsOf } from '../../dialogue/understand/words.ts';
import type { CaptureCase } from './case.ts';

/** What the product captures, as text that can be compared; null is nothing. */
export type Captured = string | number | Sum | null;

export function momentOfCase({ now, zone }: Pick<CaptureCase, 'now' | 'zone'>): DateTime {
  const at = typeof now === 'number' ? DateTime.fromMillis(now, { zone }) : DateTime.fromISO(now, { zone });
  if (!at.isValid) throw new Error(`"${now}" in zone "${zone}" is no moment: ${at.invalidExplanation}`);
  return at;
}

const turnsOf = ({ text }: Pick<CaptureCase, 'text'>): readonly string[] => (typeof text === 'string' ? [text] : text);

export function captureEmail(given: Pick<CaptureCase, 'text'>): string | null {
  let email: string | null = null;
  let soFar = '';
  for (const text of turnsOf(given)) {
    const words = wordsOf(text);
    if (email !== null) {
      const correction = correctionIn(words);
      const corrected: string | null = correction === null ? null : correctEmail(email, correction);
      if (corrected !== null) {
        email = corrected;
        continue;
      }
    }
    const heard = emailIn(text, words, true, soFar);
    email = heard.email ?? email;
    soFar = heard.words;
  }
  return email;
}

/** E.164, or the digits said where they are no number of a known plan. */
export function capturePhone(given: Pick<CaptureCase, 'text'>): string | null {
  let phone: string | null = null;
  let soFar = '';
  for (const text of turnsOf(given)) {
    const words = wordsOf(text);
    const corrected: string | null = phone === null ? null : correctDigits(phone.replace('+1', ''), words);
    if (corrected !== null) {
      phone = corrected;
      continue;
    }
    const heard = phoneIn(text, words, true, soFar);
    phone = heard.phone ?? phone;
    soFar = heard.digits;
  }
  return phone ?? (soFar === '' ? null : soFar);
}

/** A date, a time, or both, as ISO 8601 in the caller's zone; 0001-01-01 is a day that does not exist. */
export function captureTime(given: CaptureCase): { date: string | null; time: string | null } {
  const { year, month, day } = momentOfCase(given);
  const { date, clock } = momentIn(tokensOf(turnsOf(given).join(' ')), { year, month, day });
  const asked = clock === null || date === null || date.bare ? clock : { ...clock, ...byDay(clock) };
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: date === null ? null : date.date === null ? '0001-01-01' : isoOf(date.date),
    time: asked === null ? null : `${two(asked.hour)}:${two(asked.minute)}:${two(asked.second)}`,
  };
}

/** The days and limits with which a slot is looked for: "not Monday" → { notDays: [1] }. */
export function capturePreference(given: CaptureCase): object {
  return whenIn(wordsOf(turnsOf(given).join(' ')), momentOfCase(given)).preference;
}

export function captureOther(given: CaptureCase): Captured {
  const words = wordsOf(turnsOf(given).join(' '));
  switch (given.kind) {
    case 'name':
      return nameIn(words, true, false)?.name ?? null;
    case 'address':
      return addressIn(words);
    case 'money':
      return sumOrBudget(words);
    case 'quantity':
      return decimalsIn(words)[0]?.value ?? null;
    case 'email':
    case 'phone':
    case 'time':
      throw new Error(`A case of kind "${given.kind}" is not captured here.`);
    default:
      return given.kind satisfies never;
  }
}

/** A budget told as a range is its middle; everything else is an exact sum where a currency was said. */
function sumOrBudget(words: readonly string[]): Captured {
  const budget = moneyIn(words, true);
  if (budget?.display.includes(' to ') === true) return budget.value;
  return sumsIn(words)[0] ?? budget?.value ?? null;
}
