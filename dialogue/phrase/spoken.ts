import { smallNumbers, smallOrdinals, tens } from '../capture/number-names.ts';

/** Text as a simple voice should read it: money, times, numbers and addresses in words. */

/** 8,500 → "eight thousand five hundred". Whole numbers below a billion. */
export function numberWords(value: number): string {
  if (value < 20) return smallNumbers[value] ?? String(value);
  if (value < 100)
    return `${tens[Math.floor(value / 10)] ?? ''}${value % 10 === 0 ? '' : ` ${smallNumbers[value % 10] ?? ''}`}`;
  if (value < 1_000) return join(`${smallNumbers[Math.floor(value / 100)] ?? ''} hundred`, value % 100);
  if (value < 1_000_000) return join(`${numberWords(Math.floor(value / 1_000))} thousand`, value % 1_000);
  return join(`${numberWords(Math.floor(value / 1_000_000))} million`, value % 1_000_000);
}

const join = (head: string, rest: number): string => (rest === 0 ? head : `${head} ${numberWords(rest)}`);

/** 24 → "twenty fourth", for days of the month. */
export function ordinalWords(value: number): string {
  if (value < 20) return smallOrdinals[value] ?? String(value);
  if (value % 10 === 0) return `${(tens[value / 10] ?? '').replace(/y$/, 'ie')}th`;
  return `${tens[Math.floor(value / 10)] ?? ''} ${smallOrdinals[value % 10] ?? ''}`;
}

/** "3035550123" → "three zero three, five five five, zero one two three" */
export function digitWords(digits: string): string {
  const groups =
    digits.length === 10 ? [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)] : (digits.match(/.{1,3}/g) ?? []);
  return groups.map((group) => [...group].map((digit) => smallNumbers[Number(digit)] ?? '').join(' ')).join(', ');
}

export function clockWords(hour: number, minute: number): string {
  const half = hour < 12 ? 'A M' : 'P M';
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const minutes = minute === 0 ? '' : minute < 10 ? ` oh ${numberWords(minute)}` : ` ${numberWords(minute)}`;
  return `${numberWords(twelve)}${minutes} ${half}`;
}

const plain = (digits: string): number => Number(digits.replaceAll(',', ''));

/** How the voice reads a fixed sentence that was written for the eye. */
export function spokenOf(text: string): string {
  return text
    .replaceAll('24/7', 'twenty four seven')
    .replaceAll(/(?:\+?\b1[-. ])?\(?\b(\d{3})\)?[-. ](\d{3})[-. ](\d{4})\b/g, (_, a: string, b: string, c: string) =>
      digitWords(a + b + c),
    )
    .replaceAll(
      /\$(\d+(?:,\d{3})*)(?:\.(\d{2}))?/g,
      (_, whole: string, cents: string | undefined) =>
        `${numberWords(plain(whole))} dollars${cents === undefined || cents === '00' ? '' : ` and ${numberWords(Number(cents))} cents`}`,
    )
    .replaceAll(
      /\b(\d{1,2})(?::(\d{2}))? ?([AP])(?:\.M\.|M\b)/gi,
      (_, hour: string, minute: string | undefined, half: string) => {
        const hour24 = (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
        return clockWords(hour24, Number(minute ?? '0'));
      },
    )
    .replaceAll(/(\d)\s?%/g, '$1 percent')
    .replaceAll(/\b(\d{1,2})(?:st|nd|rd|th)\b/g, (_, day: string) => ordinalWords(Number(day)))
    .replaceAll(
      /\b(\d+)\.(\d+)\b/g,
      (_, whole: string, rest: string) =>
        `${numberWords(Number(whole))} point ${[...rest].map((digit) => numberWords(Number(digit))).join(' ')}`,
    )
    .replaceAll(/\b(19|20)(\d{2})\b(?! (?:square|dollars))/g, (year: string, century: string, rest: string) =>
      rest === '00' || (century === '20' && Number(rest) < 10)
        ? numberWords(Number(year))
        : `${numberWords(Number(century))} ${Number(rest) < 10 ? `oh ${numberWords(Number(rest))}` : numberWords(Number(rest))}`,
    )
    .replaceAll(/\b\d{1,3}(?:,\d{3})+\b|\b\d{1,9}\b/g, (digits: string) => numberWords(plain(digits)))
    .replaceAll(/\be-mail/gi, 'email')
    .replaceAll(/([a-z])-([a-z])/gi, '$1 $2')
    .replaceAll('&', ' and ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
