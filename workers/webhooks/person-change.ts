import * as v from 'valibot';
import { EmailAddress } from '../../contract/primitives.ts';

/** What another system says of a person. A field that it does not speak of is absent; one that it emptied is null. */
export const PersonFields = v.partial(
  v.object({
    /** The whole of it, or its parts. */
    name: v.nullable(v.string()),
    firstName: v.nullable(v.string()),
    lastName: v.nullable(v.string()),
    phone: v.nullable(v.string()),
    /** A second number, where the system keeps one apart. */
    mobile: v.nullable(v.string()),
    email: v.nullable(v.string()),
    company: v.nullable(v.string()),
    doNotCall: v.nullable(v.boolean()),
  }),
);
export type PersonFields = v.InferOutput<typeof PersonFields>;

/** Parts of a queue's message, so a schema and not only a type. */
export const PersonChange = v.object({
  /** What the system itself calls the person. */
  remoteId: v.string(),
  deleted: v.boolean(),
  fields: PersonFields,
  atMs: v.number(),
});
export type PersonChange = v.InferOutput<typeof PersonChange>;

const maxTextLength = 200;

/** Text as a person wrote it: without control characters, bounded; null for nothing. */
export function cleanText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, maxTextLength);
  return text === '' ? null : text;
}

/** E.164, where a number says its country itself or is one of North America; else null. */
export function cleanPhone(value: unknown): string | null {
  const text = cleanText(value)?.replace(/(?:ext|x|#).*$/i, '') ?? '';
  const digits = text.replace(/\D/g, '');
  if (/^\s*(?:\+|00)/.test(text)) {
    const international = digits.replace(/^00/, '');
    return /^[1-9]\d{6,14}$/.test(international) ? `+${international}` : null;
  }
  if (/^[2-9]\d{9}$/.test(digits)) return `+1${digits}`;
  return /^1[2-9]\d{9}$/.test(digits) ? `+${digits}` : null;
}

export function cleanEmail(value: unknown): string | null {
  const text = cleanText(value)?.toLowerCase();
  return text !== undefined && v.is(EmailAddress, text) ? text : null;
}
