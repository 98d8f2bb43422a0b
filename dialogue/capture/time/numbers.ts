import { smallNumbers, smallOrdinals, tens, valuesOf } from '../number-names.ts';
import { textAt, type Token } from './tokens.ts';

/** A number of one or two figures, as days, hours and minutes are. */
export interface Small {
  readonly value: number;
  readonly end: number;
  readonly ordinal: boolean;
  /** Said as a word, not written in figures. */
  readonly word: boolean;
}

const units = valuesOf(smallNumbers);
const unitOrdinals = valuesOf(smallOrdinals, 1);
const tenValues = new Map([...valuesOf(tens, 2)].map(([name, value]) => [name, value * 10]));
const tenOrdinals = new Map([...tenValues].map(([name, value]) => [name.replace(/y$/, 'ieth'), value]));
const suffixes: ReadonlySet<string> = new Set(['st', 'nd', 'rd', 'th']);

/** "15", "15th", "fifteen", "fifteenth", "twenty-one", "twenty first". */
export function smallAt(tokens: readonly Token[], start: number): Small | null {
  const text = textAt(tokens, start);
  if (/^\d{1,2}$/.test(text)) {
    const next = tokens[start + 1];
    const ordinal = next !== undefined && !next.apart && suffixes.has(next.text);
    return { value: Number(text), end: start + (ordinal ? 2 : 1), ordinal, word: false };
  }
  const small = (value: number, end: number, ordinal: boolean) => ({ value, end, ordinal, word: true });
  const unit = units.get(text);
  if (unit !== undefined) return small(unit, start + 1, false);
  const ordinal = unitOrdinals.get(text) ?? tenOrdinals.get(text);
  if (ordinal !== undefined) return small(ordinal, start + 1, true);
  const ten = tenValues.get(text);
  if (ten === undefined) return null;
  const next = textAt(tokens, start + 1) === '-' ? start + 2 : start + 1;
  const last = units.get(textAt(tokens, next));
  if (last !== undefined && last >= 1 && last <= 9) return small(ten + last, next + 1, false);
  const lastOrdinal = unitOrdinals.get(textAt(tokens, next));
  if (lastOrdinal !== undefined && lastOrdinal <= 9) return small(ten + lastOrdinal, next + 1, true);
  return small(ten, start + 1, false);
}

interface Year {
  readonly value: number;
  readonly end: number;
}

/** "'05" and "05" are this century, "89" is the last one. */
export const fullYear = (short: number): number => short + (short < 50 ? 2_000 : 1_900);

/** "2016", "nineteen seventy eight", "twenty oh five", "two thousand and eighteen". */
export function yearAt(tokens: readonly Token[], start: number): Year | null {
  const text = textAt(tokens, start);
  if (/^\d{4}$/.test(text)) return Number(text) >= 1_000 ? { value: Number(text), end: start + 1 } : null;
  const century = smallAt(tokens, start);
  if (century === null || !century.word || century.ordinal) return null;
  if (century.value === 2 && textAt(tokens, century.end) === 'thousand') {
    const and = textAt(tokens, century.end + 1) === 'and';
    const rest = smallAt(tokens, century.end + (and ? 2 : 1));
    if (rest !== null && rest.word && !rest.ordinal) return { value: 2_000 + rest.value, end: rest.end };
    return { value: 2_000, end: century.end + 1 };
  }
  if (century.value < 15 || century.value > 20) return null;
  if (['oh', 'o', 'zero'].includes(textAt(tokens, century.end))) {
    const last = smallAt(tokens, century.end + 1);
    return last === null || last.value > 9 ? null : { value: century.value * 100 + last.value, end: last.end };
  }
  if (textAt(tokens, century.end) === 'hundred') return { value: century.value * 100, end: century.end + 1 };
  const rest = smallAt(tokens, century.end);
  if (rest === null || !rest.word || rest.ordinal || rest.value < 10) return null;
  return { value: century.value * 100 + rest.value, end: rest.end };
}

/** After a whole date also "oh five" and "ninety eight", which are no times of day. */
export function yearAfterDate(tokens: readonly Token[], start: number): Year | null {
  const year = yearAt(tokens, start);
  if (year !== null) return year;
  if (['oh', 'zero'].includes(textAt(tokens, start))) {
    const last = smallAt(tokens, start + 1);
    return last === null || !last.word || last.value > 9 ? null : { value: 2_000 + last.value, end: last.end };
  }
  const short = smallAt(tokens, start);
  return short !== null && short.word && !short.ordinal && short.value >= 60
    ? { value: fullYear(short.value), end: short.end }
    : null;
}
