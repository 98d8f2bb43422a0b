import { crmObjects, type MappingProblem } from '../crm.ts';
import type { FieldRule, Mapping } from '../mapping.ts';
import type { VendorClient } from '../vendor-client.ts';
import { Describe, type DescribedField } from './answers.ts';

export const api = '/services/data/v62.0';

/** Carries our key, of opportunities and tasks. The owner makes it: rights to see it are theirs to give. */
export const keyField = 'Parley_Key__c';

/** Calls and call backs are both tasks; notes are those that stand below a record. */
export const types = { contact: 'Contact', deal: 'Opportunity', call: 'Task', note: 'Note', task: 'Task' } as const;

const always = (value: string, values: FieldRule['values'] = null): FieldRule => ({ value, values, when: 'always' });
const ifEmpty = (value: string): FieldRule => ({ value, values: null, when: 'empty' });

/** Fields and stages that a new Salesforce account has. */
export const salesforceDefaults: Mapping = {
  contact: {
    FirstName: ifEmpty('{contact.firstName}'),
    LastName: ifEmpty('{contact.lastName}'),
    OwnerId: ifEmpty('{owner}'),
  },
  deal: {
    Name: always('{deal.title}'),
    StageName: always('{lead.stage}', {
      qualified: 'Qualification',
      booked: 'Needs Analysis',
      unqualified: 'Closed Lost',
      '*': 'Prospecting',
    }),
    CloseDate: always('{deal.closeDate}'),
    Description: always('{note.text}'),
    OwnerId: always('{owner}'),
  },
  call: {
    Subject: always('Call with {contact.label}'),
    TaskSubtype: always('Call'),
    Status: always('Completed'),
    CallType: always('{call.direction}', { inbound: 'Inbound', outbound: 'Outbound' }),
    CallDurationInSeconds: always('{call.durationS}'),
    CallDisposition: always('{call.outcome}'),
    ActivityDate: always('{call.startDate}'),
    Description: always('{note.text}'),
    OwnerId: always('{owner}'),
  },
  note: { Body: always('{note.text}') },
  task: {
    Subject: always('Call back {contact.label}: {callBack.reason}'),
    Status: always('Not Started'),
    Priority: always('High'),
    ActivityDate: always('{task.dueDate}'),
    Description: always('{note.text}'),
    OwnerId: always('{task.owner}'),
  },
};

/** Says which fields Salesforce does not have, our own among them. */
export async function prepareSalesforce(client: VendorClient, mapping: Mapping): Promise<MappingProblem[]> {
  const problems: MappingProblem[] = [];
  for (const object of crmObjects) {
    const type = types[object];
    const { fields } = await client.send(Describe, { method: 'GET', path: `${api}/sobjects/${type}/describe` });
    const known = new Map(fields.map((field) => [field.name, field]));
    if ((object === 'deal' || object === 'call') && known.get(keyField)?.externalId !== true) {
      const message = `Salesforce's ${type} has no field ${keyField}. Make it in Setup, Object Manager: Text(80), External ID, Unique, and visible to the user who connects. For tasks it is made on Activity.`;
      problems.push({ field: `${object}.${keyField}`, message });
    }
    for (const [field, rule] of Object.entries(mapping[object])) {
      const message = problemOf(field, rule, known.get(field), type);
      if (message !== null) problems.push({ field: `${object}.${field}`, message });
    }
  }
  return problems;
}

function problemOf(
  field: string,
  { value, values }: FieldRule,
  described: DescribedField | undefined,
  type: string,
): string | null {
  if (described === undefined) return `Salesforce's ${type} has no field '${field}', or hides it from this user.`;
  if (!described.createable) return `Salesforce does not let this user write '${field}' of ${type}.`;
  if (!described.restrictedPicklist) return null;
  const options = described.picklistValues.flatMap((option) => (option.active ? [option.value] : []));
  const written = values === null ? (value.includes('{') ? [] : [value]) : Object.values(values);
  const unknown = written.find((word) => !options.includes(word));
  if (unknown === undefined) return null;
  return `Salesforce's '${field}' of ${type} has no value '${unknown}'. It has ${options.slice(0, 20).join(', ')}.`;
}
