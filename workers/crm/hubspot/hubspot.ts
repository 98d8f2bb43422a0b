import type { ContactWrite, Crm, CrmObject, Fields, FoundContact, Identity, RecordWrite, Vendor } from '../crm.ts';
import { tokenSource } from '../credentials.ts';
import { CrmError } from '../crm-error.ts';
import { samePerson } from '../same-person.ts';
import type { VendorSession } from '../session.ts';
import { vendorClient, type VendorClient } from '../vendor-client.ts';
import { AssociationAnswer, Gone, HubSpotObject, hubSpotFault, SearchAnswer, UpsertAnswer } from './answers.ts';
import { hubSpotDefaults } from './defaults.ts';
import { keyProperty, prepareHubSpot } from './properties.ts';

const name = 'HubSpot';
const baseUrl = 'https://api.hubapi.com';

/** How addresses name our objects. Deals go by their type id in the API's description. */
const paths = { deal: '0-3', call: 'calls', note: 'notes', task: 'tasks' } as const;
const associated = { deal: 'deals', call: 'calls', note: 'notes', task: 'tasks' } as const;

/**
 * HubSpot's CRM v3. A deal, call, note or task carries our key in a property whose values are unique, and
 * is written with `batch/upsert` by it: the same again changes the same object, whether or not the first
 * answer arrived. Contacts have HubSpot's own unique e-mail address, and the number in a unique property of ours.
 */
export const hubSpot: Vendor = {
  name,
  defaults: hubSpotDefaults,
  connect: (session) => connect(clientOf(session), session.contactFields),
  prepare: async (session, mapping) => prepareHubSpot(clientOf(session), mapping),
  body: (_, write) => ('identity' in write ? contactProperties(write, null) : recordProperties(write)),
};

function clientOf({ credentials, save, now, signal }: VendorSession): VendorClient {
  const endpoint = { vendor: name, url: `${baseUrl}/oauth/v3/token`, clientIn: 'body' } as const;
  return vendorClient({
    vendor: name,
    baseUrl,
    tokens: tokenSource(credentials, endpoint, { save, now, signal }),
    authorize: (token) => ({ authorization: `Bearer ${token}` }),
    faultOf: hubSpotFault,
    now,
    signal,
  });
}

function connect(client: VendorClient, contactFields: readonly string[]): Crm {
  const wanted = [...new Set(['email', 'phone', 'mobilephone', keyProperty, ...contactFields])];

  async function byUniqueValue(property: string, value: string): Promise<FoundContact | null> {
    const found = await client.find(HubSpotObject, {
      method: 'GET',
      path: `/crm/v3/objects/contacts/${encodeURIComponent(value)}`,
      query: { idProperty: property, properties: wanted.join(',') },
    });
    return found === null ? null : foundContact(found);
  }

  async function byId(id: string): Promise<FoundContact | null> {
    const path = `/crm/v3/objects/contacts/${encodeURIComponent(id)}`;
    const found = await client.find(HubSpotObject, { method: 'GET', path, query: { properties: wanted.join(',') } });
    return found === null ? null : foundContact(found);
  }

  /** Numbers that people typed. The index may lag by seconds, which is why it is not what we rely on. */
  async function byPhone(phone: string): Promise<FoundContact[]> {
    const national = phone.slice(-8);
    const { results } = await client.send(SearchAnswer, {
      method: 'POST',
      path: '/crm/v3/objects/contacts/search',
      body: {
        filterGroups: [
          { filters: [{ propertyName: 'phone', operator: 'EQ', value: phone }] },
          { filters: [{ propertyName: 'mobilephone', operator: 'EQ', value: phone }] },
          {
            filters: [
              {
                propertyName: 'hs_searchable_calculated_phone_number',
                operator: 'CONTAINS_TOKEN',
                value: `*${national}`,
              },
            ],
          },
        ],
        properties: wanted,
        sorts: ['createdate'],
        limit: 20,
        after: '0',
      },
    });
    return results.map(foundContact);
  }

  async function findContact(identity: Identity): Promise<FoundContact | null> {
    const { email, phone } = identity;
    const byEmail = email === undefined ? null : await byUniqueValue('email', email);
    if (byEmail !== null || phone === undefined) return byEmail;
    const keyed = await byUniqueValue(keyProperty, phone);
    return samePerson(keyed === null ? await byPhone(phone) : [keyed], identity);
  }

  async function change(found: FoundContact, contact: ContactWrite): Promise<string> {
    const properties = contactProperties(contact, found);
    if (Object.keys(properties).length === 0) return found.id;
    const path = `/crm/v3/objects/contacts/${encodeURIComponent(found.id)}`;
    return withoutTakenKey(
      properties,
      async (some) => (await client.send(HubSpotObject, { method: 'PATCH', path, body: { properties: some } })).id,
    );
  }

  async function upsertContact(contact: ContactWrite): Promise<string> {
    const known = contact.knownId === null ? null : await byId(contact.knownId);
    const found = known ?? (await findContact(contact.identity));
    if (found !== null) return change(found, contact);
    const create = async (properties: Readonly<Record<string, string>>): Promise<string> => {
      const body = { properties, associations: [] };
      return (await client.send(HubSpotObject, { method: 'POST', path: '/crm/v3/objects/contacts', body })).id;
    };
    try {
      return await create(contactProperties(contact, null));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    // Made meanwhile, by a person or by a write of ours whose answer was lost; or somebody else has the number.
    const other = await findContact(contact.identity);
    return other === null ? withoutTakenKey(contactProperties(contact, null), create) : change(other, contact);
  }

  async function upsert(object: Exclude<CrmObject, 'contact'>, write: RecordWrite): Promise<string> {
    const inputs = [{ id: write.key, idProperty: keyProperty, properties: recordProperties(write) }];
    const path = `/crm/v3/objects/${paths[object]}/batch/upsert`;
    const { results } = await client.send(UpsertAnswer, { method: 'POST', path, body: { inputs } });
    const id = results[0]?.id ?? '';
    if (write.contactId !== null) await associate(object, id, 'contacts', write.contactId);
    if (write.dealId !== null) await associate(object, id, 'deals', write.dealId);
    return id;
  }

  async function associate(object: Exclude<CrmObject, 'contact'>, id: string, to: string, toId: string): Promise<void> {
    const from = `/crm/v4/objects/${associated[object]}/${encodeURIComponent(id)}`;
    const path = `${from}/associations/default/${to}/${encodeURIComponent(toId)}`;
    await client.send(AssociationAnswer, { method: 'PUT', path });
  }

  /** A contact goes with all that HubSpot itself keeps of it; it can never be brought back. */
  async function erase(object: CrmObject, id: string): Promise<boolean> {
    const request =
      object === 'contact'
        ? ({ method: 'POST', path: '/crm/v3/objects/contacts/gdpr-delete', body: { objectId: id } } as const)
        : ({ method: 'DELETE', path: `/crm/v3/objects/${paths[object]}/${encodeURIComponent(id)}` } as const);
    return (await client.find(Gone, request)) !== null;
  }

  return {
    findContact,
    upsertContact,
    upsertDeal: async (deal) => upsert('deal', deal),
    logCall: async (call) => upsert('call', call),
    addNote: async (note) => upsert('note', note),
    createTask: async (task) => upsert('task', task),
    erase,
  };
}

function foundContact({ id, properties }: HubSpotObject): FoundContact {
  const filled = Object.entries(properties).flatMap(([field, value]) =>
    value === null || value === '' ? [] : [field],
  );
  const of = (...fields: string[]): string[] => fields.flatMap((field) => properties[field] || []);
  return { id, emails: of('email'), phones: of('phone', 'mobilephone', keyProperty), filled: new Set(filled) };
}

const isConflict = (error: unknown): boolean => error instanceof CrmError && error.status === 409;

/** Of an office or a family that shares a telephone only one contact can be found by its number. */
async function withoutTakenKey<T>(
  properties: Readonly<Record<string, string>>,
  write: (properties: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  try {
    return await write(properties);
  } catch (error) {
    const { [keyProperty]: key, ...rest } = properties;
    if (!isConflict(error) || key === undefined) throw error;
    return write(rest);
  }
}

/** HubSpot takes text alone, whatever a property's type. */
const asText = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)]));

const recordProperties = ({ key, fields }: RecordWrite): Record<string, string> => ({
  ...asText(fields),
  [keyProperty]: key,
});

/** What is to be written of a contact; of one that exists, what it lacks. */
function contactProperties(
  { identity, fields, ifEmpty }: ContactWrite,
  found: FoundContact | null,
): Record<string, string> {
  const lacks = ([field]: [string, unknown]): boolean => found === null || !found.filled.has(field);
  const own = {
    ...(identity.email === undefined ? {} : { email: identity.email }),
    ...(identity.phone === undefined ? {} : { phone: identity.phone, [keyProperty]: identity.phone }),
  };
  return asText({ ...fields, ...Object.fromEntries(Object.entries({ ...ifEmpty, ...own }).filter(lacks)) });
}
