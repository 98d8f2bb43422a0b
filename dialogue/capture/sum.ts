import { decimalAt } from './decimal.ts';

/** An exact sum of money. */
export interface Sum {
  /** In the currency's main unit, with its fraction. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

const currencies: ReadonlyMap<string, string> = new Map([
  ['dollar', 'USD'],
  ['dollars', 'USD'],
  ['buck', 'USD'],
  ['bucks', 'USD'],
  ['$', 'USD'],
  ['usd', 'USD'],
  ['euro', 'EUR'],
  ['euros', 'EUR'],
  ['pound', 'GBP'],
  ['pounds', 'GBP'],
  ['quid', 'GBP'],
  ['yen', 'JPY'],
  ['won', 'KRW'],
  ['yuan', 'CNY'],
]);
const cents: ReadonlyMap<string, string> = new Map([
  ['cent', 'USD'],
  ['cents', 'USD'],
  ['penny', 'GBP'],
  ['pence', 'GBP'],
  ['pennies', 'GBP'],
]);

/** Every sum with its currency: "twenty dollars and fifty cents", "two point five million dollars", "$ 12.50". */
export function sumsIn(words: readonly string[]): Sum[] {
  const sums: Sum[] = [];
  for (let index = 0; index < words.length;) {
    const number = decimalAt(words, index);
    if (number === null) {
      index++;
      continue;
    }
    index = number.end;
    const unit = ['us', 'u'].includes(words[index] ?? '') ? index + 1 : index;
    const small = cents.get(words[unit] ?? '');
    if (small !== undefined) {
      sums.push({ amount: hundredths(number.value), currency: small });
      index = unit + 1;
      continue;
    }
    const after = currencies.get(words[unit] ?? '');
    const currency =
      after ?? currencies.get(words[number.start - 1] ?? '') ?? (words[number.end - 1] === 'grand' ? 'USD' : undefined);
    if (currency === undefined) continue;
    if (after !== undefined) index = unit + 1;
    const rest = restAt(words, after === undefined ? words.length : index);
    sums.push({ amount: Number((number.value + (rest?.amount ?? 0)).toPrecision(15)), currency });
    index = rest?.end ?? index;
  }
  return sums;
}

const hundredths = (value: number): number => Number((value / 100).toPrecision(15));

/** "… fifty cents", "… and a half", and "nineteen ninety nine" is said without them. */
function restAt(words: readonly string[], start: number): { amount: number; end: number } | null {
  const index = words[start] === 'and' ? start + 1 : start;
  const number = decimalAt(words, index);
  if (number === null || number.value >= 100 || !cents.has(words[number.end] ?? '')) return null;
  return { amount: hundredths(number.value), end: number.end + 1 };
}
