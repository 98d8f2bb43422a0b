import * as v from 'valibot';
import { cleanEmail, cleanPhone, cleanText, type PersonChange, type PersonFields } from './person-change.ts';

/** Of a batch of at most 100 (developers.hubspot.com/docs/api/webhooks). */
const HubSpotEvents = v.pipe(
  v.array(
    v.object({
      objectId: v.union([v.number(), v.string()]),
      /** As `contact.propertyChange`; for objects by type, `object.propertyChange` with `objectTypeId`. */
      subscriptionType: v.string(),
      objectTypeId: v.optional(v.string()),
      occurredAt: v.number(),
      propertyName: v.optional(v.string()),
      propertyValue: v.nullish(v.union([v.string(), v.number(), v.boolean()])),
    }),
  ),
  v.maxLength(500),
);

/** HubSpot's own number for contacts. */
const contactType = '0-1';

export function readHubSpot(json: unknown): PersonChange[] {
  return v.parse(HubSpotEvents, json).flatMap((event): PersonChange[] => {
    const [object, what] = event.subscriptionType.split('.');
    if (object !== 'contact' && !(object === 'object' && event.objectTypeId === contactType)) return [];
    const base = { remoteId: String(event.objectId), deleted: false, fields: {}, atMs: event.occurredAt };
    if (what === 'deletion' || what === 'privacyDeletion') return [{ ...base, deleted: true }];
    if (what === 'creation' || what === 'restore') return [base];
    if (what !== 'propertyChange') return [];
    const fields = fieldsOf(event.propertyName, event.propertyValue);
    return fields === null ? [] : [{ ...base, fields }];
  });
}

function fieldsOf(name: string | undefined, value: unknown): PersonFields | null {
  switch (name) {
    case 'firstname':
      return { firstName: cleanText(value) };
    case 'lastname':
      return { lastName: cleanText(value) };
    case 'email':
      return { email: cleanEmail(value) };
    case 'phone':
      return { phone: cleanPhone(value) };
    case 'mobilephone':
      return { mobile: cleanPhone(value) };
    case 'company':
      return { company: cleanText(value) };
    case 'hs_do_not_call':
      return { doNotCall: value === true || value === 'true' };
    default:
      return null;
  }
}
