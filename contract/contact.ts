import * as v from 'valibot';
import { CallSummary } from './call-record.ts';
import { EmailAddress, EpochMs, PhoneNumber, Uuid } from './primitives.ts';

/** A person who called, or was called: the calls that share a number or an address. */
export const Contact = v.object({
  /** The id of the person's first call. */
  id: Uuid,
  name: v.nullable(v.string()),
  phone: v.nullable(PhoneNumber),
  email: v.nullable(EmailAddress),
  /** The domain of an address at work. */
  company: v.nullable(v.string()),
  firstCallMs: EpochMs,
  lastCallMs: EpochMs,
  calls: v.number(),
});
export type Contact = v.InferOutput<typeof Contact>;

/** Who called last comes first. */
export const ContactList = v.object({ contacts: v.array(Contact), nextCursor: v.nullable(v.string()) });
export type ContactList = v.InferOutput<typeof ContactList>;

export const ContactRecord = v.object({ contact: Contact, calls: v.array(CallSummary) });
export type ContactRecord = v.InferOutput<typeof ContactRecord>;

/** Contacts that share a company. */
export const Company = v.object({ domain: v.string(), contacts: v.number(), lastCallMs: EpochMs });
export const CompanyList = v.object({ companies: v.array(Company) });
export type CompanyList = v.InferOutput<typeof CompanyList>;
