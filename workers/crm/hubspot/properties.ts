import * as v from 'valibot';
import { crmObjects, type CrmObject, type MappingProblem } from '../crm.ts';
import { CrmError } from '../crm-error.ts';
import type { FieldRule, Mapping } from '../mapping.ts';
import type { VendorClient } from '../vendor-client.ts';
import { PropertyList, type Property } from './answers.ts';

/** A property of ours with unique values: our key, or of a contact the number as E.164. */
export const keyProperty = 'parley_key';

const group = 'parley';
const types = { contact: 'contacts', deal: 'deals', call: 'calls', note: 'notes', task: 'tasks' } as const;

/** Makes the key property where it is missing, and says which fields of the mapping HubSpot does not have. */
export async function prepareHubSpot(client: VendorClient, mapping: Mapping): Promise<MappingProblem[]> {
  const problems: MappingProblem[] = [];
  for (const object of crmObjects) {
    const path = `/crm/v3/properties/${types[object]}`;
    const { results } = await client.send(PropertyList, { method: 'GET', path });
    const key = results.find(({ name }) => name === keyProperty);
    if (key === undefined) await makeKeyProperty(client, object);
    else if (key.hasUniqueValue === false) {
      const message = `HubSpot has a property '${keyProperty}' of ${types[object]} that lets values repeat. Delete it and connect again.`;
      problems.push({ field: `${object}.${keyProperty}`, message });
    }
    const known = new Map(results.map((property) => [property.name, property]));
    for (const [field, rule] of Object.entries(mapping[object])) {
      const message = problemOf(field, rule, known.get(field), types[object]);
      if (message !== null) problems.push({ field: `${object}.${field}`, message });
    }
  }
  return problems;
}

function problemOf(
  field: string,
  { value, values }: FieldRule,
  property: Property | undefined,
  type: string,
): string | null {
  if (property === undefined)
    return `HubSpot has no property '${field}' of ${type}. Make it there, or take it out of the mapping.`;
  if (property.modificationMetadata?.readOnlyValue === true) return `HubSpot sets '${field}' of ${type} itself.`;
  const options = property.options.map((option) => option.value);
  if (property.type !== 'enumeration' || options.length === 0 || property.externalOptions === true) return null;
  const written = values === null ? (value.includes('{') ? [] : [value]) : Object.values(values);
  const unknown = written.find((word) => !options.includes(word));
  if (unknown === undefined) return null;
  return `HubSpot's '${field}' of ${type} has no option '${unknown}'. It has ${options.slice(0, 20).join(', ')}.`;
}

async function makeKeyProperty(client: VendorClient, object: CrmObject): Promise<void> {
  const type = types[object];
  await tolerateExisting(async () =>
    client.send(v.object({ name: v.string() }), {
      method: 'POST',
      path: `/crm/v3/properties/${type}/groups`,
      body: { name: group, label: 'Parley', displayOrder: -1 },
    }),
  );
  await tolerateExisting(async () =>
    client.send(v.object({ name: v.string() }), {
      method: 'POST',
      path: `/crm/v3/properties/${type}`,
      body: {
        name: keyProperty,
        label: 'Parley key',
        description: 'By this Parley finds what it wrote. Please leave it alone.',
        groupName: group,
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
      },
    }),
  );
}

/** Made before, by a check whose answer was lost. */
async function tolerateExisting(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof CrmError) || error.status !== 409) throw error;
  }
}
