import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { cleanEmail, cleanPhone, cleanText, type PersonChange } from './person-change.ts';

/** Of a message of at most a hundred (Salesforce, "Understanding Outbound Messaging"). */
const Person = v.object({
  Id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(40)),
  FirstName: v.optional(v.string()),
  LastName: v.optional(v.string()),
  Name: v.optional(v.string()),
  Email: v.optional(v.string()),
  Phone: v.optional(v.string()),
  MobilePhone: v.optional(v.string()),
  Company: v.optional(v.string()),
  DoNotCall: v.optional(v.string()),
  IsDeleted: v.optional(v.string()),
  LastModifiedDate: v.optional(v.string()),
});

const Envelope = v.object({
  Envelope: v.object({
    Body: v.object({
      notifications: v.object({
        Notification: v.pipe(v.array(v.object({ Id: v.string(), sObject: Person })), v.maxLength(100)),
      }),
    }),
  }),
});

/** Neither entities nor a document type: nothing in such a message needs them. */
const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => name === 'Notification',
});

/** Contacts and leads, with those of their fields that the workflow sends. */
export function readSalesforce(xml: string, receivedMs: number): PersonChange[] {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml))
    throw new Error('The message has a document type, which Salesforce never sends.');
  const parsed: unknown = parser.parse(xml);
  return v.parse(Envelope, parsed).Envelope.Body.notifications.Notification.map(({ sObject }) => {
    const { FirstName, LastName, Name, Email, Phone, MobilePhone, Company, DoNotCall, LastModifiedDate } = sObject;
    const atMs = Date.parse(LastModifiedDate ?? '');
    const fields = {
      ...(Name === undefined ? {} : { name: cleanText(Name) }),
      ...(FirstName === undefined ? {} : { firstName: cleanText(FirstName) }),
      ...(LastName === undefined ? {} : { lastName: cleanText(LastName) }),
      ...(Email === undefined ? {} : { email: cleanEmail(Email) }),
      ...(Phone === undefined ? {} : { phone: cleanPhone(Phone) }),
      ...(MobilePhone === undefined ? {} : { mobile: cleanPhone(MobilePhone) }),
      ...(Company === undefined ? {} : { company: cleanText(Company) }),
      ...(DoNotCall === undefined ? {} : { doNotCall: DoNotCall === 'true' }),
    };
    const known = Number.isNaN(atMs) ? receivedMs : atMs;
    return { remoteId: sObject.Id, deleted: sObject.IsDeleted === 'true', fields, atMs: known };
  });
}

/** What Salesforce must read, or it sends the message again for a day. */
export const salesforceAck =
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>';
