import type { Mapping } from './mapping.ts';
import type { VendorSession } from './session.ts';

/** The CRMs that are written to by name. An owner's own system takes the webhook instead (send.ts). */
export const crmKinds = ['hubspot', 'pipedrive', 'salesforce'] as const;
export type CrmKind = (typeof crmKinds)[number];

/** What we write, by the words of no CRM in particular. */
export const crmObjects = ['contact', 'deal', 'call', 'note', 'task'] as const;
export type CrmObject = (typeof crmObjects)[number];

export type FieldValue = string | number | boolean;
/** Values by the CRM's own field names. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** What people are told apart by: an address in lower case, a number as E.164. One of them at least. */
export interface Identity {
  readonly email?: string;
  readonly phone?: string;
}

export interface FoundContact {
  readonly id: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Fields of the mapping that somebody has filled. */
  readonly filled: ReadonlySet<string>;
}

/** How often it was begun before: a write whose answer was lost may have been done all the same. */
export interface Past {
  /** The id in the CRM, once it is known. */
  readonly knownId: string | null;
  /** When it was first tried, where that ended without an answer. */
  readonly triedMs: number | null;
}

export interface ContactWrite extends Past {
  readonly identity: Identity;
  /** Whom the CRM shows, for systems that want a name: the name, else the address or number. */
  readonly label: string;
  readonly fields: Fields;
  /** Only where the CRM has nothing yet: people know better than a telephone. */
  readonly ifEmpty: Fields;
}

export interface RecordWrite extends Past {
  /** Names it for ever, in the CRM too: the id of the call, or of the appointment that no call booked. */
  readonly key: string;
  readonly fields: Fields;
  readonly contactId: string | null;
  readonly dealId: string | null;
}

/**
 * One owner's CRM. Each method may be called again with the same write, after a failure or a lost
 * answer, and then changes what the first call made. They resolve to the id in the CRM and throw `CrmError`.
 */
export interface Crm {
  findContact(identity: Identity): Promise<FoundContact | null>;
  upsertContact(contact: ContactWrite): Promise<string>;
  upsertDeal(deal: RecordWrite): Promise<string>;
  logCall(call: RecordWrite): Promise<string>;
  addNote(note: RecordWrite): Promise<string>;
  createTask(task: RecordWrite): Promise<string>;
  /** Deletes for good, as far as the vendor's API can; null where it offers nothing of the kind. False: it was not there. */
  readonly erase: ((object: CrmObject, id: string) => Promise<boolean>) | null;
}

/** Something in the owner's mapping that the CRM would refuse. */
export interface MappingProblem {
  /** As `deal.dealstage`. */
  readonly field: string;
  readonly message: string;
}

/** What there is to know of a CRM before one is connected. */
export interface Vendor {
  readonly name: string;
  readonly defaults: Mapping;
  connect(session: VendorSession): Crm;
  /** Makes the fields that Parley needs for itself, and compares the mapping with those that exist. */
  prepare(session: VendorSession, mapping: Mapping): Promise<MappingProblem[]>;
  /** What would be sent of a write, for a preview. */
  body(object: CrmObject, write: ContactWrite | RecordWrite): Readonly<Record<string, unknown>>;
}
