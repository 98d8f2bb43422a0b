import type { FoundContact, Identity } from './crm.ts';

/**
 * Of the contacts a CRM found, the one that is this person: the same address; or else the same number,
 * unless both have an address and they differ, as in a family or an office that shares a telephone.
 */
export function samePerson(found: readonly FoundContact[], { email, phone }: Identity): FoundContact | null {
  const byEmail = found.find(({ emails }) => email !== undefined && emails.some((other) => sameEmail(other, email)));
  if (byEmail !== undefined) return byEmail;
  const byPhone = found.find(
    ({ emails, phones }) =>
      phone !== undefined &&
      phones.some((other) => samePhone(other, phone)) &&
      (email === undefined || emails.length === 0),
  );
  return byPhone ?? null;
}

const sameEmail = (one: string, other: string): boolean => one.trim().toLowerCase() === other.toLowerCase();

/** Whether a number as people write it can be this E.164 number: "(303) 555-0123" is +13035550123. */
export function samePhone(written: string, e164: string): boolean {
  const digits = written.replaceAll(/\D/g, '');
  if (written.trim().startsWith('+')) return `+${digits}` === e164;
  const national = digits.replace(/^0+/, '');
  return national.length >= 7 && e164.endsWith(national);
}
