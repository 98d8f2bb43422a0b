import { isDeepStrictEqual } from 'node:util';
import { DateTime } from 'luxon';
import { writtenEmailsIn } from '../../dialogue/capture/written-email.ts';
import { writtenPhonesIn } from '../../dialogue/capture/written-phone.ts';
import {
  captureEmail,
  captureOther,
  capturePhone,
  capturePreference,
  captureTime,
  type Captured,
} from './capture-value.ts';
import type { CaptureCase } from './case.ts';

export interface Verdict {
  readonly exact: boolean;
  readonly got: unknown;
}

/** Exact is exact: the whole value, or nothing where nothing is to be captured. */
export function judge(given: CaptureCase): Verdict {
  const { kind, expected, written } = given;
  if (written !== undefined) {
    const text = typeof given.text === 'string' ? given.text : given.text.join(' ');
    const got = kind === 'email' ? writtenEmailsIn(text) : writtenPhonesIn(text);
    return { got, exact: isDeepStrictEqual(got, [...written]) };
  }
  switch (kind) {
    case 'email': {
      const got = captureEmail(given);
      return { got, exact: got === (typeof expected === 'string' ? expected.toLowerCase() : expected) };
    }
    case 'phone': {
      const got = capturePhone(given);
      return {
        got,
        exact:
          typeof expected === 'string' ? got !== null && plainPhone(got) === plainPhone(expected) : got === expected,
      };
    }
    case 'time':
      return judgeTime(given);
    case 'money':
      return judgeMoney(captureOther(given), expected);
    case 'name':
    case 'address': {
      const got = captureOther(given);
      const plain = kind === 'name' ? plainName : plainAddress;
      return {
        got,
        exact:
          typeof expected === 'string' && typeof got === 'string' ? plain(got) === plain(expected) : got === expected,
      };
    }
    case 'quantity': {
      const got = captureOther(given);
      return { got, exact: got === expected };
    }
    default:
      return kind satisfies never;
  }
}

/** Only the parts that are expected count: a date alone, a time alone, or both. */
function judgeTime(given: CaptureCase): Verdict {
  const { expected, zone } = given;
  if (typeof expected === 'object' && expected !== null) {
    const got = capturePreference(given);
    return { got, exact: isDeepStrictEqual(got, expected) };
  }
  const { date, time } = captureTime(given);
  const got = [date, time].filter((part) => part !== null).join('T');
  if (typeof expected !== 'string') return { got, exact: got === '' };
  const local = /T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(expected)
    ? (DateTime.fromISO(expected, { zone }).toISO({ includeOffset: false, suppressMilliseconds: true }) ?? '')
    : expected;
  const [first = '', second] = local.split('T');
  const wanted = first.includes(':') ? { date: null, time: first } : { date: first, time: second ?? null };
  const full = (clock: string) => (clock.split(':').length === 2 ? `${clock}:00` : clock);
  return {
    got,
    exact: (wanted.date === null || wanted.date === date) && (wanted.time === null || full(wanted.time) === time),
  };
}

function judgeMoney(got: Captured, expected: CaptureCase['expected']): Verdict {
  const amount = typeof got === 'object' && got !== null ? got.amount : got;
  if (typeof expected === 'number') return { got, exact: amount === expected };
  if (typeof expected === 'string') return { got, exact: amount === Number(expected.replaceAll(/[^\d.]/g, '')) };
  return { got, exact: isDeepStrictEqual(got, expected) };
}

/** Digits, letters as on the keypad, without +1. */
function plainPhone(phone: string): string {
  const keys = '22233344455566677778889999';
  const digits = phone
    .toLowerCase()
    .replaceAll(/[a-z]/g, (letter) => keys[letter.charCodeAt(0) - 97] ?? '')
    .replaceAll(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}

const plainName = (name: string): string => name.toLowerCase().trim();

const streets =
  'street st|avenue ave|road rd|drive dr|lane ln|boulevard blvd|court ct|place pl|apartment apt|parkway pkwy';

/** Punctuation and the usual abbreviations do not count. */
function plainAddress(address: string): string {
  let plain = ` ${address.toLowerCase().replaceAll(/[.,#]/g, ' ')} `.replaceAll(/\s+/g, ' ');
  for (const pair of streets.split('|')) {
    const [long = '', short = ''] = pair.split(' ');
    plain = plain.replaceAll(` ${long} `, ` ${short} `);
  }
  return plain.trim();
}
