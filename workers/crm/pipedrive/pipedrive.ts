import * as v from 'valibot';
import type { ContactWrite, Crm, CrmObject, FoundContact, Identity, RecordWrite, Vendor } from '../crm.ts';
import { tokenSource } from '../credentials.ts';
import { samePerson } from '../same-person.ts';
import type { VendorSession } from '../session.ts';
import { vendorClient, type VendorClient } from '../vendor-client.ts';
import { Deleted, FoundPersons, Listed, One, OnePerson, type Person, Persons, pipedriveFault } from './answers.ts';
import { keyField, pipedriveDefaults, preparePipedrive, typedFields } from './fields.ts';

const name = 'Pipedrive';

/** How many of the newest are looked through for a write whose answer was lost. */
const newest = '100';

/**
 * Pipedrive's API v2, and v1 for notes. It has no unique fields, and its search lags behind: before
 * anything is made that may have been made before, the newest objects are listed and ours looked for among them, by
 * a field of deals, by a line in the text of notes and activities, by address and number of people.
 */
export const pipedrive: Vendor = {
  name,
  defaults: pipedriveDefaults,
  connect: (session) => connect(clientOf(session)),
  prepare: async (session, mapping) => preparePipedrive(clientOf(session), mapping),
  body: (object, write) => ('identity' in write ? personBody(write, null) : recordBody(object, write, 'Parley key')),
};

function clientOf({ credentials, instanceUrl, save, now, signal }: VendorSession): VendorClient {
  const endpoint = { vendor: name, url: 'https://oauth.pipedrive.com/oauth/token', clientIn: 'header' } as const;
  return vendorClient({
    vendor: name,
    baseUrl: instanceUrl ?? 'https://api.pipedrive.com',
    tokens: tokenSource(credentials, endpoint, { save, now, signal }),
    authorize: (token): Record<string, string> =>
      credentials.type === 'token' ? { 'x-api-token': token } : { authorization: `Bearer ${token}` },
    faultOf: pipedriveFault,
    now,
    signal,
  });
}

function connect(client: VendorClient): Crm {
  let dealKey: Promise<string> | null = null;
  const keyOfDeals = async (): Promise<string> => (dealKey ??= keyField(client));

  async function byId(id: string): Promise<Person | null> {
    const found = await client.find(OnePerson, { method: 'GET', path: `/api/v2/persons/${encodeURIComponent(id)}` });
    return found?.data ?? null;
  }

  async function search(fields: 'email' | 'phone', term: string): Promise<FoundContact[]> {
    const query = { term, fields, limit: '100', ...(fields === 'email' ? { exact_match: 'true' } : {}) };
    const { data } = await client.send(FoundPersons, { method: 'GET', path: '/api/v2/persons/search', query });
    return data.items.map(({ item: { id, emails, phones } }) => ({
      id: String(id),
      emails,
      phones,
      filled: new Set(),
    }));
  }

  async function find(identity: Identity): Promise<Person | null> {
    const { email, phone } = identity;
    const found = [
      ...(email === undefined ? [] : await search('email', email)),
      ...(phone === undefined ? [] : await search('phone', phone.slice(-8))),
    ];
    const person = samePerson(found, identity);
    return person === null ? null : byId(person.id);
  }

  /** The search does not know what was made just now; the list does. */
  async function findNewest(identity: Identity): Promise<Person | null> {
    const query = { sort_by: 'id', sort_direction: 'desc', limit: newest };
    const { data } = await client.send(Persons, { method: 'GET', path: '/api/v2/persons', query });
    const person = samePerson(data.map(foundContact), identity);
    return data.find(({ id }) => String(id) === person?.id) ?? null;
  }

  async function upsertContact(contact: ContactWrite): Promise<string> {
    const known = contact.knownId === null ? null : await byId(contact.knownId);
    const recent = known === null && contact.triedMs !== null ? await findNewest(contact.identity) : null;
    const person = known ?? recent ?? (await find(contact.identity));
    const body = personBody(contact, person);
    if (person === null) return idOf(await client.send(One, { method: 'POST', path: '/api/v2/persons', body }));
    if (Object.keys(body).length === 0) return String(person.id);
    return idOf(await client.send(One, { method: 'PATCH', path: `/api/v2/persons/${person.id}`, body }));
  }

  async function upsert(object: Exclude<CrmObject, 'contact'>, write: RecordWrite): Promise<string> {
    const path = paths[object];
    const key = object === 'deal' ? await keyOfDeals() : '';
    const id = write.knownId ?? (write.triedMs === null ? null : await findLost(object, write, key));
    const body = recordBody(object, write, key);
    if (id === null) return idOf(await client.send(One, { method: 'POST', path, body }));
    const method = object === 'note' ? 'PUT' : 'PATCH';
    // What people have deleted there stays deleted.
    const changed = await client.find(One, { method, path: `${path}/${encodeURIComponent(id)}`, body });
    return changed === null ? id : idOf(changed);
  }

  async function findLost(
    object: Exclude<CrmObject, 'contact'>,
    write: RecordWrite,
    key: string,
  ): Promise<string | null> {
    const order = object === 'note' ? { sort: 'add_time DESC' } : { sort_by: 'id', sort_direction: 'desc' };
    const person = write.contactId === null ? {} : { person_id: write.contactId };
    const query = { ...person, ...order, limit: newest };
    const { data } = await client.send(Listed, { method: 'GET', path: paths[object], query });
    const mark = markOf(object, write.key);
    const lost = data?.find(({ custom_fields: fields, note, content }) =>
      object === 'deal' ? fields[key] === write.key : note.includes(mark) || content.includes(mark),
    );
    return lost === undefined ? null : String(lost.id);
  }

  return {
    findContact: async (identity) => {
      const person = await find(identity);
      return person === null ? null : foundContact(person);
    },
    upsertContact,
    upsertDeal: async (deal) => upsert('deal', deal),
    logCall: async (call) => upsert('call', call),
    addNote: async (note) => upsert('note', note),
    createTask: async (task) => upsert('task', task),
    erase: async (object, id) => {
      const path = object === 'contact' ? '/api/v2/persons' : paths[object];
      return (await client.find(Deleted, { method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` })) !== null;
    },
  };
}

const paths = {
  deal: '/api/v2/deals',
  call: '/api/v2/activities',
  note: '/v1/notes',
  task: '/api/v2/activities',
} as const;

const idOf = ({ data }: v.InferOutput<typeof One>): string => String(data.id);

/** The line by which a text is known to be ours. */
const markOf = (object: CrmObject, key: string): string => `Parley ${object} ${key}`;

function foundContact({ id, emails, phones, ...fields }: Person): FoundContact {
  const filled = Object.entries({ ...fields, ...fields.custom_fields }).flatMap(([field, value]) =>
    value === null || value === undefined || value === '' ? [] : [field],
  );
  const valuesOf = (list: readonly { value: string }[]): string[] => list.map(({ value }) => value);
  return { id: String(id), emails: valuesOf(emails), phones: valuesOf(phones), filled: new Set(filled) };
}

/** What is to be written of a person; of one that exists, what they lack. */
function personBody(
  { identity, label, fields, ifEmpty }: ContactWrite,
  person: Person | null,
): Record<string, unknown> {
  const found = person === null ? null : foundContact(person);
  const lacking = Object.fromEntries(Object.entries(ifEmpty).filter(([field]) => found?.filled.has(field) !== true));
  const { email, phone } = identity;
  const added = (value: string | undefined, known: readonly { value: string }[] | undefined, has: boolean) =>
    value === undefined || has
      ? null
      : [...(known ?? []), { value, label: 'work', primary: (known ?? []).length === 0 }];
  const emails = added(
    email,
    person?.emails,
    email !== undefined && samePerson(found === null ? [] : [found], { email }) !== null,
  );
  const phones = added(
    phone,
    person?.phones,
    phone !== undefined && samePerson(found === null ? [] : [{ ...found, emails: [] }], { phone }) !== null,
  );
  return {
    ...(person === null ? { name: label } : {}),
    ...typedFields('contact', { ...fields, ...lacking }),
    ...(emails === null ? {} : { emails }),
    ...(phones === null ? {} : { phones }),
  };
}

function recordBody(
  object: CrmObject,
  { key, fields, contactId, dealId }: RecordWrite,
  keyCode: string,
): Record<string, unknown> {
  const links = {
    ...(contactId === null ? {} : { person_id: Number(contactId) }),
    ...(dealId === null ? {} : { deal_id: Number(dealId) }),
  };
  const typed = typedFields(object, fields);
  if (object === 'deal') {
    const own = v.parse(v.optional(v.record(v.string(), v.unknown()), {}), typed['custom_fields']);
    return { ...typed, ...links, custom_fields: { ...own, [keyCode]: key } };
  }
  const text = object === 'note' ? 'content' : 'note';
  return { ...typed, ...links, [text]: `${fields[text] ?? ''}<p>${markOf(object, key)}</p>` };
}
