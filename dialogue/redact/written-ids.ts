/** A span of a text. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** 123-45-6789: no other number is written so. Areas 000, 666 and 9xx were never given out. */
const socialSecurity = /(?<![\d-])(?!000|666|9)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])/g;
/** National insurance, as QQ 12 34 56 C. */
const nationalInsurance = /\b[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b/gi;
const iban = /\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\b/gi;

/** Numbers of a person that show by their form alone what they are. */
export function writtenIdsIn(text: string): { governmentIds: TextSpan[]; bankAccounts: TextSpan[] } {
  return {
    governmentIds: [...spansOf(text, socialSecurity), ...spansOf(text, nationalInsurance)],
    bankAccounts: spansOf(text, iban).filter(({ start, end }) => isIban(text.slice(start, end))),
  };
}

function spansOf(text: string, pattern: RegExp): TextSpan[] {
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => ({ start: index, end: index + match.length }));
}

/** ISO 13616: the number modulo 97 is 1, country and check digits last, letters as 10 to 35. */
function isIban(written: string): boolean {
  const plain = written.replaceAll(' ', '').toLowerCase();
  const digits = [...plain.slice(4), ...plain.slice(0, 4)].map((char) => Number.parseInt(char, 36)).join('');
  let remainder = 0;
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder === 1;
}
