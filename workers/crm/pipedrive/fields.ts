import { crmObjects, type CrmObject, type Fields, type MappingProblem } from '../crm.ts';
import { CrmError } from '../crm-error.ts';
import type { FieldRule, Mapping } from '../mapping.ts';
import type { VendorClient } from '../vendor-client.ts';
import { FieldList, OneField } from './answers.ts';

/** The field of deals that carries our key. Pipedrive gives it a code of its own in each account. */
const keyName = 'Parley key';

const always = (value: string, values: FieldRule['values'] = null): FieldRule => ({ value, values, when: 'always' });

/** Fields that every Pipedrive account has. A deal without a stage begins in the first one of the default pipeline. */
export const pipedriveDefaults: Mapping = {
  contact: { owner_id: { value: '{owner}', values: null, when: 'empty' } },
  deal: {
    title: always('{deal.title}'),
    status: always('{lead.stage}', { unqualified: 'lost', '*': 'open' }),
    lost_reason: always('{lead.disqualifiedBy}'),
    owner_id: always('{owner}'),
  },
  call: {
    subject: always('Call with {contact.label}: {call.outcome}'),
    type: always('call'),
    done: always('true'),
    due_date: always('{call.startDate}'),
    due_time: always('{call.startTime}'),
    duration: always('{call.durationHhMm}'),
    note: always('{note.html}'),
    owner_id: always('{owner}'),
  },
  note: { content: always('{note.html}') },
  task: {
    subject: always('Call back {contact.label}: {callBack.reason}'),
    type: always('call'),
    done: always('false'),
    due_date: always('{task.dueDate}'),
    due_time: always('{task.dueTime}'),
    note: always('{note.html}'),
    owner_id: always('{task.owner}'),
  },
};

const activity = [
  'subject',
  'type',
  'owner_id',
  'due_date',
  'due_time',
  'duration',
  'busy',
  'done',
  'public_description',
  'priority',
  'note',
];

/** What the API takes by name; everything else is a field the owner made, by its code. */
const named: Readonly<Record<CrmObject, readonly string[]>> = {
  contact: ['owner_id', 'org_id', 'visible_to', 'marketing_status'],
  deal: [
    'title',
    'owner_id',
    'org_id',
    'pipeline_id',
    'stage_id',
    'value',
    'currency',
    'status',
    'probability',
    'lost_reason',
    'visible_to',
    'expected_close_date',
  ],
  call: activity,
  note: ['content', 'user_id'],
  task: activity,
};

const numbers: ReadonlySet<string> = new Set([
  'owner_id',
  'org_id',
  'visible_to',
  'pipeline_id',
  'stage_id',
  'value',
  'probability',
  'priority',
  'user_id',
]);
const truths: ReadonlySet<string> = new Set(['done', 'busy']);

/** Fields in Pipedrive's own types, those that the owner made in `custom_fields`. */
export function typedFields(object: CrmObject, fields: Fields): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  const typed: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!named[object].includes(field)) own[field] = value;
    else if (numbers.has(field)) typed[field] = Number(value);
    else if (truths.has(field)) typed[field] = String(value) === 'true';
    else typed[field] = String(value);
  }
  return Object.keys(own).length === 0 ? typed : { ...typed, custom_fields: own };
}

const lists = { contact: 'personFields', deal: 'dealFields' } as const;

/** Makes the key field of deals where it is missing, and says which fields of the mapping Pipedrive would not take. */
export async function preparePipedrive(client: VendorClient, mapping: Mapping): Promise<MappingProblem[]> {
  const problems: MappingProblem[] = [];
  const ownFields = {
    contact: await fieldsOf(client, 'contact'),
    deal: await fieldsOf(client, 'deal'),
  };
  if (ownFields.deal.every(({ field_name: name }) => name !== keyName)) {
    const body = { field_name: keyName, field_type: 'varchar' };
    await client.send(OneField, { method: 'POST', path: '/api/v2/dealFields', body });
  }
  for (const object of crmObjects) {
    const made = object === 'contact' || object === 'deal' ? ownFields[object] : [];
    for (const field of Object.keys(mapping[object])) {
      if (named[object].includes(field)) continue;
      if (made.some(({ field_code: code, is_custom_field: isOwn }) => isOwn && code === field)) continue;
      const codes = made
        .filter(({ is_custom_field: isOwn }) => isOwn)
        .map(({ field_code: code, field_name: name }) => `${code} (${name})`);
      const known = [...named[object], ...codes].join(', ');
      problems.push({
        field: `${object}.${field}`,
        message: `Pipedrive has no field '${field}' for a ${object}. It takes ${known}.`,
      });
    }
  }
  return problems;
}

/** The code of the field that carries our key. */
export async function keyField(client: VendorClient): Promise<string> {
  const fields = await fieldsOf(client, 'deal');
  const key = fields.find(({ field_name: name }) => name === keyName);
  if (key !== undefined) return key.field_code;
  throw new CrmError(
    `Pipedrive's deals have no field '${keyName}' any more. Connect Pipedrive again: it is made then.`,
    { permanent: true, concerns: 'delivery' },
  );
}

async function fieldsOf(client: VendorClient, object: 'contact' | 'deal') {
  const request = { method: 'GET', path: `/api/v2/${lists[object]}`, query: { limit: '500' } } as const;
  return (await client.send(FieldList, request)).data;
}
