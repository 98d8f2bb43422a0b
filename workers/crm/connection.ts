import * as v from 'valibot';
import { LeadStage } from '../../contract/lead.ts';
import { Slug } from '../../contract/primitives.ts';
import { Credentials } from './credentials.ts';
import { MappingChange } from './mapping.ts';

/** Where one owner's CRM is: a host of the vendor's own, so that tokens go nowhere else. */
const InstanceUrl = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(
    /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:pipedrive\.com|salesforce\.com)\/?$/,
    'Write the address of your own Pipedrive or Salesforce, as https://summit.my.salesforce.com.',
  ),
  v.transform((url) => url.replace(/\/$/, '')),
);

/** How one business writes to its CRM, but for the secrets. */
export const CrmSettings = v.strictObject({
  /** Pipedrive and Salesforce: the owner's own address there. */
  instanceUrl: v.optional(InstanceUrl),
  /** Changes to the default mapping. */
  mapping: v.optional(MappingChange, {}),
  /** A lead becomes a deal at one of these stages. */
  dealStages: v.optional(v.array(LeadStage), ['qualified', 'booked', 'call-back']),
  /** The CRM's ids of people, by their ids in the playbook; `*` for whoever is not named. */
  owners: v.optional(
    v.record(v.union([Slug, v.literal('*')]), v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
    {},
  ),
});
export type CrmSettings = v.InferOutput<typeof CrmSettings>;

/** `PUT /v1/businesses/:business/crm/:kind`. Without credentials those that are kept stay. */
export const CrmConnection = v.strictObject({
  credentials: v.optional(Credentials),
  ...CrmSettings.entries,
});
export type CrmConnection = v.InferOutput<typeof CrmConnection>;
