import * as v from 'valibot';
import type { Account, Reply, StoredObject, VendorRequest } from './account.ts';

/**
 * Salesforce's REST API as its developer guide has it, as far as Parley asks, and strict: unknown and read-only fields,
 * missing required ones and repeated keys are refused with its error codes. There is no description at hand to hold it against.
 */
const types: Readonly<
  Record<string, { fields: readonly string[]; required: readonly string[]; onlyAtFirst: readonly string[] }>
> = {
  Contact: {
    fields: ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'OwnerId'],
    required: ['LastName'],
    onlyAtFirst: [],
  },
  Opportunity: {
    fields: ['Name', 'StageName', 'CloseDate', 'Description', 'OwnerId', 'ContactId', 'Parley_Key__c'],
    required: ['Name', 'StageName', 'CloseDate'],
    onlyAtFirst: ['ContactId'],
  },
  Task: {
    fields: [
      'Subject',
      'TaskSubtype',
      'Status',
      'Priority',
      'CallType',
      'CallDurationInSeconds',
      'CallDisposition',
      'ActivityDate',
      'Description',
      'OwnerId',
      'WhoId',
      'WhatId',
      'Parley_Key__c',
    ],
    required: [],
    onlyAtFirst: ['TaskSubtype'],
  },
  Note: {
    fields: ['Title', 'Body', 'ParentId', 'OwnerId'],
    required: ['Title', 'ParentId'],
    onlyAtFirst: ['ParentId'],
  },
};
const dates: ReadonlySet<string> = new Set(['CloseDate', 'ActivityDate']);
const base = '/services/data/v62.0';

const Fields = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));
type Fields = v.InferOutput<typeof Fields>;

export function salesforce(account: Account, { method, url, path, body }: VendorRequest): Reply {
  if (method === 'GET' && path === `${base}/query`) return query(account, url.searchParams.get('q') ?? '');
  const [, type = '', rest = ''] = new RegExp(`^${base}/sobjects/([A-Za-z]+)(?:/(.*))?$`).exec(path) ?? [];
  if (types[type] === undefined) return refusal(404, 'NOT_FOUND', `No ${method} ${path}`);
  if (method === 'GET' && rest === 'describe') return { status: 200, body: { name: type, fields: described(type) } };
  if (method === 'POST' && rest === '') return create(account, type, v.parse(Fields, body));
  const [field, key] = rest.split('/').map(decodeURIComponent);
  const byKey = key !== undefined;
  if (byKey && (field !== 'Parley_Key__c' || !types[type].fields.includes(field)))
    return refusal(404, 'NOT_FOUND', `${String(field)} is no external id of ${type}`);
  const object = byKey
    ? account.of(type).find(({ fields }) => fields['Parley_Key__c'] === key)
    : account.find(type, field ?? '');
  if (method === 'GET')
    return object === undefined
      ? refusal(404, 'NOT_FOUND', 'The requested resource does not exist')
      : { status: 200, body: row(object) };
  if (method !== 'PATCH') return refusal(405, 'METHOD_NOT_ALLOWED', method);
  const changes = v.parse(Fields, body);
  if ('Parley_Key__c' in changes && byKey)
    return refusal(400, 'INVALID_FIELD', 'The key is in the address, not in the body');
  if (object === undefined)
    return byKey ? create(account, type, { ...changes, Parley_Key__c: key ?? '' }) : refusal(404, 'NOT_FOUND', 'gone');
  const refused = check(type, changes, false);
  if (refused !== null) return refused;
  Object.assign(object.fields, changes);
  return byKey
    ? { status: 200, body: { id: object.id, success: true, errors: [], created: false } }
    : { status: 204, body: null };
}

function create(account: Account, type: string, fields: Fields): Reply {
  const refused = check(type, fields, true);
  if (refused !== null) return refused;
  const object = account.create(type, fields);
  for (const link of ['ContactId', 'WhoId', 'WhatId', 'ParentId']) {
    const id = fields[link];
    if (id === undefined) continue;
    const to = account.objects.find((other) => other.id === id);
    if (to === undefined) return refusal(400, 'INVALID_CROSS_REFERENCE_KEY', `No record ${String(id)}`);
    object.links.add(`${to.type} ${to.id}`);
  }
  return { status: 201, body: { id: object.id, success: true, errors: [], created: true } };
}

function check(type: string, fields: Fields, isNew: boolean): Reply | null {
  const known = types[type];
  for (const [field, value] of Object.entries(fields)) {
    if (known?.fields.includes(field) !== true)
      return refusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${type}`);
    if (!isNew && known.onlyAtFirst.includes(field))
      return refusal(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to update ${field}`);
    if (dates.has(field) && !/^\d{4}-\d{2}-\d{2}$/.test(String(value)))
      return refusal(400, 'JSON_PARSER_ERROR', `${field} is no date`);
    if (field === 'CallDurationInSeconds' && !Number.isInteger(value))
      return refusal(400, 'JSON_PARSER_ERROR', `${field} is no integer`);
  }
  const missing = isNew ? known?.required.find((field) => fields[field] === undefined) : undefined;
  return missing === undefined
    ? null
    : refusal(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing}]`);
}

/** The part of SOQL that is asked: equalities and endings, joined by OR. */
function query(account: Account, soql: string): Reply {
  const [, columns = '', type = '', where = ''] =
    /^SELECT (.+?) FROM (\w+) WHERE (.+?)(?: ORDER BY \w+)?(?: LIMIT \d+)?$/.exec(soql) ?? [];
  const unknown = columns
    .split(', ')
    .find((column) => column !== 'Id' && types[type]?.fields.includes(column) !== true);
  if (types[type] === undefined || unknown !== undefined)
    return refusal(400, 'INVALID_FIELD', `No such column '${String(unknown)}'`);
  const conditions = [...where.matchAll(/(\w+) (=|LIKE) '((?:[^'\\]|\\.)*)'/g)];
  const records = account.of(type).filter((object) =>
    conditions.some(([, field = '', operator, quoted = '']) => {
      const wanted = quoted.replaceAll(/\\(.)/g, '$1').toLowerCase();
      const text = String(field === 'Id' ? object.id : (object.fields[field] ?? '')).toLowerCase();
      return operator === '=' ? text === wanted : text.endsWith(wanted.replace('%', ''));
    }),
  );
  return { status: 200, body: { totalSize: records.length, done: true, records: records.map(row) } };
}

const row = ({ id, type, fields }: StoredObject) => ({
  attributes: { type, url: `${base}/sobjects/${type}/${id}` },
  Id: id,
  ...fields,
});

const described = (type: string) =>
  types[type]?.fields.map((name) => ({
    name,
    createable: true,
    externalId: name === 'Parley_Key__c',
    restrictedPicklist: name === 'CallType',
    picklistValues:
      name === 'CallType' ? ['Internal', 'Inbound', 'Outbound'].map((value) => ({ value, active: true })) : [],
  }));

const refusal = (status: number, errorCode: string, message: string): Reply => ({
  status,
  body: [{ message, errorCode, fields: [] }],
});
