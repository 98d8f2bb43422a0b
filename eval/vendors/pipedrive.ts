import * as v from 'valibot';
import type { Account, Reply, StoredObject, VendorRequest } from './account.ts';
import { ApiDescription, descriptionPath } from './api-description.ts';

export const pipedriveDescription = (): ApiDescription =>
  new ApiDescription()
    .add(descriptionPath('pipedrive-v1-openapi.yml'), '(?:/v1)?')
    .add(descriptionPath('pipedrive-v2-openapi.yml'), '/api/v2');

const types: Readonly<Record<string, string>> = {
  '/api/v2/persons': 'persons',
  '/api/v2/deals': 'deals',
  '/api/v2/activities': 'activities',
  '/v1/notes': 'notes',
};

const Body = v.looseObject({ custom_fields: v.optional(v.record(v.string(), v.unknown()), {}) });
const Values = v.optional(v.array(v.object({ value: v.string() })), []);

/** Pipedrive as its description and documentation have it, as far as Parley asks. */
export function pipedrive(account: Account, { method, url, path, body }: VendorRequest): Reply {
  if (path === '/api/v2/persons/search') return search(account, url);
  const fields = /^\/api\/v2\/(person|deal)Fields$/.exec(path);
  if (fields !== null)
    return method === 'GET' ? listFields(account, fields[1] ?? '') : createField(account, fields[1] ?? '', body);
  const [collection = '', id] = /^(.*?)(?:\/(\d+))?$/.exec(path)?.slice(1) ?? [];
  const type = types[collection];
  if (type === undefined) return refusal(404, `No ${method} ${path}`);
  if (id === undefined) return method === 'GET' ? list(account, type, url) : create(account, type, body);
  const object = account.find(type, id);
  if (object === undefined) return refusal(404, 'Not found');
  if (method === 'GET') return { status: 200, body: { success: true, data: shown(object) } };
  if (method === 'DELETE') {
    account.remove(object);
    return { status: 200, body: { success: true, data: type === 'notes' ? true : { id: Number(id) } } };
  }
  const refused = unknownFields(account, type, body);
  if (refused !== null) return refused;
  object.fields = merged(object.fields, v.parse(Body, body));
  return { status: 200, body: { success: true, data: shown(object) } };
}

function create(account: Account, type: string, body: unknown): Reply {
  const refused = unknownFields(account, type, body);
  if (refused !== null) return refused;
  const object = account.create(type, merged({}, v.parse(Body, body)));
  for (const to of ['person', 'deal']) {
    const id = object.fields[`${to}_id`];
    if (id !== undefined && account.find(`${to}s`, String(id)) === undefined)
      return refusal(400, `No ${to} ${String(id)}`);
    if (id !== undefined) object.links.add(`${to}s ${String(id)}`);
  }
  return { status: 200, body: { success: true, data: shown(object) } };
}

/** Newest first: what was made a moment ago is in it, unlike in the search. */
function list(account: Account, type: string, url: URL): Reply {
  const person = url.searchParams.get('person_id');
  const objects = account
    .of(type)
    .filter(({ fields }) => person === null || String(fields['person_id']) === person)
    .toReversed();
  return { status: 200, body: { success: true, data: objects.map(shown) } };
}

function search(account: Account, url: URL): Reply {
  const [term, field] = [url.searchParams.get('term') ?? '', url.searchParams.get('fields') ?? ''];
  const isExact = url.searchParams.get('exact_match') === 'true';
  const plain = (text: string): string => (field === 'phone' ? text.replaceAll(/\D/g, '') : text.toLowerCase());
  const items = account.of('persons').flatMap((person) => {
    const [emails, phones] = [valuesOf(person, 'emails'), valuesOf(person, 'phones')];
    const isFound = (field === 'email' ? emails : phones).some((value) =>
      isExact ? plain(value) === plain(term) : plain(value).includes(plain(term)),
    );
    if (!isFound || account.behaviour.searchLags) return [];
    return [{ result_score: 1, item: { id: Number(person.id), type: 'person', emails, phones } }];
  });
  return { status: 200, body: { success: true, data: { items } } };
}

const valuesOf = ({ fields }: StoredObject, name: string): string[] =>
  v.parse(Values, fields[name]).map(({ value }) => value);

function listFields(account: Account, type: string): Reply {
  const own = account.fields.filter((field) => field.type === type);
  const data = own.map(({ name, code }) => field(name, code));
  return {
    status: 200,
    body: { success: true, data: [{ ...field('Name', 'name'), is_custom_field: false }, ...data] },
  };
}

function createField(account: Account, type: string, body: unknown): Reply {
  const { field_name: name } = v.parse(v.object({ field_name: v.string() }), body);
  const code = crypto.randomUUID().replaceAll('-', '').padEnd(40, '0');
  account.fields.push({ type, name, code, unique: false });
  return { status: 200, body: { success: true, data: field(name, code) } };
}

const field = (name: string, code: string) => ({
  field_name: name,
  field_code: code,
  field_type: 'varchar',
  description: '',
  is_custom_field: true,
  is_optional_response_field: false,
});

function unknownFields(account: Account, type: string, body: unknown): Reply | null {
  const { custom_fields: own } = v.parse(Body, body);
  const known = new Set(account.fields.filter((made) => `${made.type}s` === type).map(({ code }) => code));
  const unknown = Object.keys(own).find((code) => !known.has(code));
  return unknown === undefined ? null : refusal(400, `Unknown custom field ${unknown}`);
}

const merged = (before: Record<string, unknown>, { custom_fields: own, ...fields }: v.InferOutput<typeof Body>) => ({
  ...before,
  ...fields,
  custom_fields: { ...v.parse(v.optional(v.record(v.string(), v.unknown()), {}), before['custom_fields']), ...own },
});

const shown = ({ id, fields }: StoredObject) => ({ ...fields, id: Number(id) });

const refusal = (status: number, error: string): Reply => ({ status, body: { success: false, error, error_info: '' } });
