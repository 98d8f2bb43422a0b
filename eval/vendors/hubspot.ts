import * as v from 'valibot';
import { samePhone } from '../../workers/crm/same-person.ts';
import type { Account, Reply, StoredObject, VendorRequest } from './account.ts';
import { ApiDescription, descriptionPath } from './api-description.ts';

const files = [
  'Auth-Oauth-v3-oauth',
  'CRM-Associations-v4-associations',
  'CRM-Calls-v3-calls',
  'CRM-Contacts-v3-contacts',
  'CRM-Deals-v3-deals',
  'CRM-Notes-v3-notes',
  'CRM-Properties-v3-properties',
  'CRM-Tasks-v3-tasks',
];

export const hubSpotDescription = (): ApiDescription =>
  files.reduce(
    (description, file) => description.add(descriptionPath(`hubspot/${file}.json`), ''),
    new ApiDescription(),
  );

/** Properties that every account has, of those that Parley writes. */
const standard: Readonly<Record<string, readonly string[]>> = {
  contacts: ['email', 'phone', 'mobilephone', 'firstname', 'lastname', 'hubspot_owner_id', 'hs_lead_status'],
  deals: ['dealname', 'pipeline', 'dealstage', 'description', 'hubspot_owner_id'],
  calls: [
    'hs_call_title',
    'hs_call_body',
    'hs_call_direction',
    'hs_call_disposition',
    'hs_call_duration',
    'hs_call_from_number',
    'hs_call_status',
    'hs_timestamp',
    'hubspot_owner_id',
  ],
  notes: ['hs_note_body', 'hs_timestamp', 'hubspot_owner_id'],
  tasks: [
    'hs_task_subject',
    'hs_task_body',
    'hs_task_type',
    'hs_task_status',
    'hs_task_priority',
    'hs_timestamp',
    'hubspot_owner_id',
  ],
};
const options: Readonly<Record<string, readonly string[]>> = {
  hs_lead_status: [
    'NEW',
    'OPEN',
    'IN_PROGRESS',
    'OPEN_DEAL',
    'UNQUALIFIED',
    'ATTEMPTED_TO_CONTACT',
    'CONNECTED',
    'BAD_TIMING',
  ],
  dealstage: ['appointmentscheduled', 'qualifiedtobuy', 'presentationscheduled', 'closedwon', 'closedlost'],
  hs_call_direction: ['INBOUND', 'OUTBOUND'],
  hs_call_status: ['COMPLETED', 'NO_ANSWER'],
  hs_task_type: ['CALL', 'EMAIL', 'TODO'],
  hs_task_status: ['NOT_STARTED', 'COMPLETED'],
  hs_task_priority: ['LOW', 'MEDIUM', 'HIGH'],
};

const Properties = v.object({ properties: v.record(v.string(), v.string()) });
const Inputs = v.object({
  inputs: v.array(v.object({ id: v.string(), idProperty: v.string(), ...Properties.entries })),
});
const PropertyCreate = v.object({
  name: v.string(),
  label: v.string(),
  groupName: v.string(),
  hasUniqueValue: v.optional(v.boolean(), false),
});
const Search = v.object({
  filterGroups: v.array(
    v.object({ filters: v.array(v.object({ propertyName: v.string(), operator: v.string(), value: v.string() })) }),
  ),
});

/** HubSpot as its description and documentation have it, as far as Parley asks. */
export function hubSpot(account: Account, { method, url, path, body }: VendorRequest): Reply {
  const upsert = /^\/crm\/v3\/objects\/(0-3|calls|notes|tasks)\/batch\/upsert$/.exec(path);
  if (method === 'POST' && upsert !== null)
    return upsertAll(account, upsert[1] === '0-3' ? 'deals' : (upsert[1] ?? ''), body);
  const properties = /^\/crm\/v3\/properties\/([a-z]+)(\/groups)?$/.exec(path);
  if (properties !== null) {
    const type = properties[1] ?? '';
    if (method === 'GET') return { status: 200, body: { results: propertiesOf(account, type).map(describe) } };
    return properties[2] === undefined ? createProperty(account, type, body) : createGroup(account, type, body);
  }
  const association = /^\/crm\/v4\/objects\/([a-z]+)\/([^/]+)\/associations\/default\/([a-z]+)\/([^/]+)$/.exec(path);
  if (association !== null) {
    const [, from = '', fromId = '', to = '', toId = ''] = association;
    const object = account.find(from, fromId);
    if (object === undefined || account.find(to, toId) === undefined)
      return failure(404, 'OBJECT_NOT_FOUND', 'No such object.');
    object.links.add(`${to} ${toId}`);
    return { status: 200, body: { status: 'COMPLETE', results: [], startedAt: iso(0), completedAt: iso(0) } };
  }
  if (path === '/crm/v3/objects/contacts/gdpr-delete') {
    return remove(account, 'contacts', v.parse(v.object({ objectId: v.string() }), body).objectId);
  }
  const deleted = /^\/crm\/v3\/objects\/(0-3|calls|notes|tasks)\/([^/]+)$/.exec(path);
  if (deleted !== null && method === 'DELETE') {
    const [, type = '', id = ''] = deleted;
    return remove(account, type === '0-3' ? 'deals' : type, id);
  }
  if (path === '/crm/v3/objects/contacts/search') return search(account, body);
  if (path === '/crm/v3/objects/contacts') return createContact(account, body);
  const contact = /^\/crm\/v3\/objects\/contacts\/([^/]+)$/.exec(path);
  if (contact !== null) {
    const [id, property] = [decodeURIComponent(contact[1] ?? ''), url.searchParams.get('idProperty')];
    const found = account
      .of('contacts')
      .find((object) => (property === null ? object.id === id : object.fields[property] === id));
    if (found === undefined) return failure(404, 'OBJECT_NOT_FOUND', 'resource not found');
    return method === 'GET' ? { status: 200, body: shown(found) } : change(account, found, body);
  }
  return failure(404, 'NOT_FOUND', `No ${method} ${path}`);
}

function remove(account: Account, type: string, id: string): Reply {
  const object = account.find(type, id);
  if (object === undefined) return failure(404, 'OBJECT_NOT_FOUND', 'resource not found');
  account.remove(object);
  return { status: 204, body: null };
}

function upsertAll(account: Account, type: string, body: unknown): Reply {
  const { inputs } = v.parse(Inputs, body);
  const results = [];
  for (const { id, idProperty, properties } of inputs) {
    const refused = unknownProperty(account, type, { ...properties, [idProperty]: id });
    if (refused !== null) return refused;
    if (!propertiesOf(account, type).some(({ name, unique }) => name === idProperty && unique)) {
      return failure(400, 'VALIDATION_ERROR', `'${idProperty}' has no unique values.`);
    }
    const known = account.of(type).find(({ fields }) => fields[idProperty] === id);
    const object = known ?? account.create(type, {});
    Object.assign(object.fields, properties, { [idProperty]: id });
    results.push({ ...shown(object), archived: false, new: known === undefined });
  }
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: iso(0), completedAt: iso(0) } };
}

function createContact(account: Account, body: unknown): Reply {
  const { properties } = v.parse(Properties, body);
  const refused = unknownProperty(account, 'contacts', properties) ?? taken(account, properties, null);
  return refused ?? { status: 201, body: shown(account.create('contacts', { ...properties })) };
}

function change(account: Account, contact: StoredObject, body: unknown): Reply {
  const { properties } = v.parse(Properties, body);
  const refused = unknownProperty(account, 'contacts', properties) ?? taken(account, properties, contact.id);
  if (refused !== null) return refused;
  Object.assign(contact.fields, properties);
  return { status: 200, body: shown(contact) };
}

function taken(account: Account, properties: Record<string, string>, ownId: string | null): Reply | null {
  const unique = [
    'email',
    ...propertiesOf(account, 'contacts').flatMap(({ name, unique: only }) => (only ? [name] : [])),
  ];
  const other = account
    .of('contacts')
    .find(
      ({ id, fields }) =>
        id !== ownId && unique.some((name) => properties[name] !== undefined && fields[name] === properties[name]),
    );
  return other === undefined ? null : failure(409, 'CONFLICT', `Contact already exists. Existing ID: ${other.id}`);
}

function search(account: Account, body: unknown): Reply {
  const { filterGroups } = v.parse(Search, body);
  const results = account.of('contacts').filter(
    ({ fields }) =>
      !account.behaviour.searchLags &&
      filterGroups.some(({ filters }) =>
        filters.every(({ propertyName, operator, value }) => {
          const text = String(fields[propertyName] ?? '');
          if (operator === 'EQ') return text === value;
          const digits = String(fields['phone'] ?? '').replaceAll(/\D/g, '');
          return (
            operator === 'CONTAINS_TOKEN' &&
            digits.endsWith(value.replaceAll('*', '')) &&
            samePhone(digits, `+${digits}`)
          );
        }),
      ),
  );
  return { status: 200, body: { total: results.length, results: results.map(shown) } };
}

function createProperty(account: Account, type: string, body: unknown): Reply {
  const { name, label, groupName, hasUniqueValue } = v.parse(PropertyCreate, body);
  if (account.fields.some((field) => field.type === type && field.name === name))
    return failure(409, 'CONFLICT', 'exists');
  if (!account.fields.some((field) => field.type === `${type} group` && field.name === groupName))
    return failure(400, 'VALIDATION_ERROR', `No property group ${groupName}`);
  account.fields.push({ type, name, unique: hasUniqueValue, code: name });
  return { status: 201, body: { ...describe({ name, unique: hasUniqueValue }), label, groupName } };
}

function createGroup(account: Account, type: string, body: unknown): Reply {
  const { name, label } = v.parse(v.object({ name: v.string(), label: v.string() }), body);
  if (account.fields.some((field) => field.type === `${type} group` && field.name === name))
    return failure(409, 'CONFLICT', 'exists');
  account.fields.push({ type: `${type} group`, name, unique: false, code: name });
  return { status: 201, body: { name, label, displayOrder: -1, archived: false } };
}

function unknownProperty(account: Account, type: string, properties: Record<string, string>): Reply | null {
  const known = propertiesOf(account, type);
  for (const [name, value] of Object.entries(properties)) {
    if (!known.some((property) => property.name === name)) {
      return failure(400, 'VALIDATION_ERROR', `Property values were not valid: Property "${name}" does not exist`);
    }
    if (options[name]?.includes(value) === false) {
      return failure(400, 'VALIDATION_ERROR', `${value} was not one of the allowed options of ${name}`);
    }
  }
  return null;
}

const propertiesOf = (account: Account, type: string): { name: string; unique: boolean }[] => [
  ...(standard[type] ?? []).map((name) => ({ name, unique: false })),
  ...account.fields.filter((field) => field.type === type),
];

const describe = ({ name, unique }: { name: string; unique: boolean }) => ({
  name,
  label: name,
  description: '',
  groupName: 'information',
  type: options[name] === undefined ? 'string' : 'enumeration',
  fieldType: options[name] === undefined ? 'text' : 'select',
  options: (options[name] ?? []).map((value) => ({ value, label: value, hidden: false })),
  hasUniqueValue: unique,
});

const shown = ({ id, fields, createdMs, updatedMs }: StoredObject) => ({
  id,
  properties: fields,
  createdAt: iso(createdMs),
  updatedAt: iso(updatedMs),
});

const failure = (status: number, category: string, message: string): Reply => ({
  status,
  body: { status: 'error', category, message, correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf' },
});

const iso = (ms: number): string => new Date(ms).toISOString();
