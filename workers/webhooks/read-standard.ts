import * as v from 'valibot';
import { cleanEmail, cleanPhone, cleanText, type PersonChange } from './person-change.ts';

const Text = v.nullish(v.pipe(v.string(), v.maxLength(1_000)));

/** What an owner's own system sends. Documented in docs/webhooks.md. */
const ContactEvent = v.object({
  type: v.picklist(['contact.created', 'contact.updated', 'contact.deleted']),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  data: v.object({
    id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
    name: Text,
    phone: Text,
    email: Text,
    company: Text,
    doNotCall: v.nullish(v.boolean()),
  }),
});

/** Throws what valibot throws where the body is something else. */
export function readStandard(json: unknown): PersonChange[] {
  const { type, timestamp, data } = v.parse(ContactEvent, json);
  const { name, phone, email, company, doNotCall } = data;
  const fields = {
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(phone === undefined ? {} : { phone: cleanPhone(phone) }),
    ...(email === undefined ? {} : { email: cleanEmail(email) }),
    ...(company === undefined ? {} : { company: cleanText(company) }),
    ...(doNotCall === undefined ? {} : { doNotCall }),
  };
  return [{ remoteId: data.id, deleted: type === 'contact.deleted', fields, atMs: Date.parse(timestamp) }];
}
