import type { ContactWrite, Crm, CrmObject, FoundContact, Identity, RecordWrite, Vendor } from '../crm.ts';
import { tokenSource } from '../credentials.ts';
import { CrmError } from '../crm-error.ts';
import { samePerson } from '../same-person.ts';
import type { VendorSession } from '../session.ts';
import { vendorClient, type VendorClient } from '../vendor-client.ts';
import { Changed, ContactRows, IdRow, IdRows, salesforceFault, Saved, type ContactRow } from './answers.ts';
import { api, keyField, prepareSalesforce, salesforceDefaults, types } from './fields.ts';

const name = 'Salesforce';

/** Fields that may be set when a record is made and never again. */
const onlyAtFirst: ReadonlySet<string> = new Set(['ContactId', 'TaskSubtype']);

/**
 * Salesforce's REST API. Opportunities and tasks are written by an external id, so that the same again changes the same
 * record. Contacts and notes are looked for with SOQL first, which sees what was made a moment ago.
 */
export const salesforce: Vendor = {
  name,
  defaults: salesforceDefaults,
  connect: (session) => connect(clientOf(session), session.contactFields),
  prepare: async (session, mapping) => prepareSalesforce(clientOf(session), mapping),
  body: (object, write) => ('identity' in write ? contactBody(write, null) : recordBody(object, write)),
};

function clientOf({ credentials, instanceUrl, save, now, signal }: VendorSession): VendorClient {
  if (instanceUrl === null)
    throw new CrmError('Say where your Salesforce is: instanceUrl, as https://summit.my.salesforce.com.', {
      permanent: true,
    });
  const endpoint = { vendor: name, url: `${instanceUrl}/services/oauth2/token`, clientIn: 'body' } as const;
  return vendorClient({
    vendor: name,
    baseUrl: instanceUrl,
    tokens: tokenSource(credentials, endpoint, { save, now, signal }),
    authorize: (token) => ({ authorization: `Bearer ${token}` }),
    faultOf: salesforceFault,
    now,
    signal,
  });
}

function connect(client: VendorClient, contactFields: readonly string[]): Crm {
  const wanted = [...new Set(['Id', 'Email', 'Phone', 'MobilePhone', 'LastName', ...contactFields])].join(', ');

  async function contacts(where: string): Promise<FoundContact[]> {
    const q = `SELECT ${wanted} FROM Contact WHERE ${where} ORDER BY CreatedDate LIMIT 50`;
    const { records } = await client.send(ContactRows, { method: 'GET', path: `${api}/query`, query: { q } });
    return records.map(foundContact);
  }

  async function findContact(identity: Identity): Promise<FoundContact | null> {
    const { email, phone } = identity;
    const byEmail = email === undefined ? null : samePerson(await contacts(`Email = ${quoted(email)}`), identity);
    if (byEmail !== null || phone === undefined) return byEmail;
    // Formatted numbers have their last four digits together.
    const ending = quoted(`%${phone.slice(-4)}`);
    return samePerson(await contacts(`Phone LIKE ${ending} OR MobilePhone LIKE ${ending}`), identity);
  }

  async function upsertContact(contact: ContactWrite): Promise<string> {
    const known = contact.knownId === null ? undefined : (await contacts(`Id = ${quoted(contact.knownId)}`))[0];
    const found = known ?? (await findContact(contact.identity));
    const body = contactBody(contact, found);
    if (found === null) return (await client.send(Saved, { method: 'POST', path: `${api}/sobjects/Contact`, body })).id;
    if (Object.keys(body).length > 0) {
      const path = `${api}/sobjects/Contact/${encodeURIComponent(found.id)}`;
      await client.send(Changed, { method: 'PATCH', path, body });
    }
    return found.id;
  }

  async function upsert(object: 'deal' | 'call' | 'task', write: RecordWrite): Promise<string> {
    const path = `${api}/sobjects/${types[object]}/${keyField}/${encodeURIComponent(keyOf(object, write))}`;
    const before = await client.find(IdRow, { method: 'GET', path, query: { fields: 'Id' } });
    const { [keyField]: _, ...fields } = recordBody(object, write);
    const body = Object.fromEntries(
      Object.entries(fields).filter(([field]) => before === null || !onlyAtFirst.has(field)),
    );
    return (await client.send(Saved, { method: 'PATCH', path, body })).id;
  }

  async function addNote(write: RecordWrite): Promise<string> {
    const body = recordBody('note', write);
    const q = `SELECT Id FROM Note WHERE Title = ${quoted(keyOf('note', write))} LIMIT 1`;
    const { records } = await client.send(IdRows, { method: 'GET', path: `${api}/query`, query: { q } });
    const before = records[0]?.Id;
    if (before === undefined)
      return (await client.send(Saved, { method: 'POST', path: `${api}/sobjects/Note`, body })).id;
    const { ParentId: _, ...changed } = body;
    await client.send(Changed, {
      method: 'PATCH',
      path: `${api}/sobjects/Note/${encodeURIComponent(before)}`,
      body: changed,
    });
    return before;
  }

  return {
    findContact,
    upsertContact,
    upsertDeal: async (deal) => upsert('deal', deal),
    logCall: async (call) => upsert('call', call),
    addNote,
    // Its way to forget somebody (Individual, ShouldForget) is a process of the owner's own.
    erase: null,
    createTask: async (task) => upsert('task', task),
  };
}

/** Of one call there are two tasks: the call, and the call back. */
const keyOf = (object: CrmObject, { key }: RecordWrite): string => `Parley ${object} ${key}`;

/** A string of SOQL. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function foundContact({ Id, ...fields }: ContactRow): FoundContact {
  const filled = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const of = (...names: string[]): string[] =>
    filled.flatMap(([field, value]) => (typeof value === 'string' && names.includes(field) ? [value] : []));
  return {
    id: Id,
    emails: of('Email'),
    phones: of('Phone', 'MobilePhone'),
    filled: new Set(filled.map(([field]) => field)),
  };
}

/** What is to be written of a contact; of one that exists, what it lacks. Salesforce has nobody without a last name. */
function contactBody(
  { identity, label, fields, ifEmpty }: ContactWrite,
  found: FoundContact | null,
): Record<string, unknown> {
  const own = {
    LastName: label,
    ...ifEmpty,
    ...(identity.email === undefined ? {} : { Email: identity.email }),
    ...(identity.phone === undefined || (found?.phones.length ?? 0) > 0 ? {} : { Phone: identity.phone }),
  };
  const lacking = Object.entries(own).filter(([field]) => found?.filled.has(field) !== true);
  return { ...fields, ...Object.fromEntries(lacking) };
}

function recordBody(object: CrmObject, write: RecordWrite): Record<string, unknown> {
  const { fields, contactId, dealId } = write;
  const set = (field: string, id: string | null) => (id === null ? {} : { [field]: id });
  if (object === 'deal') return { ...fields, ...set('ContactId', contactId), [keyField]: keyOf(object, write) };
  if (object === 'note') return { Title: keyOf(object, write), ...fields, ...set('ParentId', dealId ?? contactId) };
  return { ...fields, ...set('WhoId', contactId), ...set('WhatId', dealId), [keyField]: keyOf(object, write) };
}
