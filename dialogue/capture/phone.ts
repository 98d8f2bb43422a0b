import { correctDigits } from './correction.ts';
import { digitRunsIn, digitsIn } from './digits.ts';
import { selfRepairIn } from './self-repair.ts';
import { vanityDigitsIn } from './vanity-number.ts';
import { writtenPhonesIn } from './written-phone.ts';

/** A number as a person in the business's country says it → E.164, or null when it is not complete. */
export function toE164(digits: string, plus: boolean): string | null {
  if (plus) return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : null;
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  // North American Numbering Plan: area code and exchange start with 2 to 9.
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(national) ? `+1${national}` : null;
}

/**
 * The phone number in an utterance. When it was `asked` for, all its digits count, after those
 * `soFar`; unasked, only a whole number said in one run is taken.
 */
export function phoneIn(
  text: string,
  heard: readonly string[],
  asked: boolean,
  soFar: string,
): { phone: string | null; digits: string } {
  for (const written of writtenPhonesIn(text)) {
    const phone = writtenToE164(written);
    if (phone !== null) return { phone, digits: '' };
  }
  const words = withoutExtension(heard);
  if (!asked) {
    const longest = digitRunsIn(words).find((run) => run.digits.length >= 10);
    const phone = longest === undefined ? null : toE164(longest.digits, false);
    return { phone, digits: '' };
  }
  const plus = words.includes('plus') || text.trim().startsWith('+');
  const here = repairedDigits(words) ?? vanityDigitsIn(words) ?? digitsIn(words);
  if (here === '') return { phone: null, digits: soFar };
  const alone = toE164(here, plus);
  if (alone !== null) return { phone: alone, digits: '' };
  const joined = toE164(soFar + here, plus);
  if (joined !== null) return { phone: joined, digits: '' };
  const digits = soFar + here;
  // More than a number has: what was said last starts anew.
  return {
    phone: null,
    digits: digits.length > 15 || (soFar !== '' && digits.length > 11) ? here.slice(0, 15) : digits,
  };
}

/** "… one two one two, extension four": the number without it. */
function withoutExtension(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === 'extension' || word === 'ext');
  return at > 0 ? words.slice(0, at) : words;
}

/** "+44 (0)20 7946 0958", "011 44 …", "303.555.0123 ext. 5": the extension is not part of it. */
function writtenToE164(written: string): string | null {
  const number = written.replace(/\s?(?:x|ext).*$/, '').replace(/\(0\)/, '');
  const digits = number.replaceAll(/\D/g, '');
  const prefix = number.includes('+') ? '' : /^(?:00|011)(?=[1-9])/.exec(digits)?.[0];
  return prefix === undefined ? toE164(digits, false) : toE164(digits.slice(prefix.length), true);
}

/** "… oh one two three no it's four not three"; null when nothing was put right. */
function repairedDigits(words: readonly string[]): string | null {
  const repair = selfRepairIn(words);
  if (repair === null) return null;
  const said = digitsIn(repair.said);
  if (said === '') return null;
  return correctDigits(said, repair.repair) ?? (digitsIn(repair.repair).length >= 10 ? digitsIn(repair.repair) : null);
}

/** +13035550123 → 303-555-0123; other countries stay as they are. */
export function displayPhone(phone: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return match === null ? phone : `${match[1]}-${match[2]}-${match[3]}`;
}
