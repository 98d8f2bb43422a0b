import * as v from 'valibot';
import type { CrmObject, FieldValue, Fields } from './crm.ts';
import { isSource, type Values } from './values.ts';

const FieldName = v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.regex(/^[A-Za-z0-9_.]+$/));
const placeholder = /\{([^{}]*)\}/g;

const Template = v.pipe(
  v.string(),
  v.maxLength(1_000),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [, source = ''] of dataset.value.matchAll(placeholder)) {
      if (!isSource(source))
        addIssue({ message: `A call has no '${source}'. Use one of the sources that docs/crm.md lists.` });
    }
  }),
);

const Rule = v.pipe(
  v.union([
    Template,
    v.strictObject({
      value: Template,
      values: v.nullish(v.record(v.pipe(v.string(), v.maxLength(100)), v.pipe(v.string(), v.maxLength(200)))),
      when: v.optional(v.picklist(['always', 'empty'])),
    }),
  ]),
  v.transform((rule): FieldRule => {
    if (typeof rule === 'string') return { value: rule, values: null, when: 'always' };
    return { value: rule.value, values: rule.values ?? null, when: rule.when ?? 'always' };
  }),
);

/** How one field of the CRM is filled. */
export interface FieldRule {
  /** Text with `{sources}`. A field of which one source is unknown is left out. */
  readonly value: string;
  /** The CRM's words for ours; `*` stands for all others, and without it they are left out. */
  readonly values: Readonly<Record<string, string>> | null;
  /** `empty`: only where the CRM has nothing yet. Contacts only: everything else is Parley's own. */
  readonly when: 'always' | 'empty';
}

/** Rules by field, by object. */
export type Mapping = Readonly<Record<CrmObject, Readonly<Record<string, FieldRule>>>>;

/** By field; null takes a default away. */
const rules = v.optional(v.record(FieldName, v.nullable(Rule)), {});

/** What an owner changes of a CRM's default mapping. */
export const MappingChange = v.strictObject({ contact: rules, deal: rules, call: rules, note: rules, task: rules });
export type MappingChange = v.InferOutput<typeof MappingChange>;

/** The defaults with an owner's changes. */
export function changeMapping(defaults: Mapping, change: MappingChange): Mapping {
  const changed = (object: CrmObject): Record<string, FieldRule> =>
    Object.fromEntries(
      Object.entries({ ...defaults[object], ...change[object] }).flatMap(([field, rule]) =>
        rule === null ? [] : [[field, rule]],
      ),
    );
  return {
    contact: changed('contact'),
    deal: changed('deal'),
    call: changed('call'),
    note: changed('note'),
    task: changed('task'),
  };
}

/** The fields that a mapping fills from what is known of a call, those for empty fields apart. */
export function fillFields(
  rulesByField: Readonly<Record<string, FieldRule>>,
  values: Values,
): { always: Fields; ifEmpty: Fields } {
  const always: Record<string, FieldValue> = {};
  const ifEmpty: Record<string, FieldValue> = {};
  for (const [field, rule] of Object.entries(rulesByField)) {
    const value = fill(rule, values);
    if (value === null) continue;
    (rule.when === 'empty' ? ifEmpty : always)[field] = value;
  }
  return { always, ifEmpty };
}

function fill({ value: template, values: words }: FieldRule, values: Values): FieldValue | null {
  const [only] = template.matchAll(placeholder);
  const filled =
    only !== undefined && only[0] === template ? (values.get(only[1] ?? '') ?? null) : render(template, values);
  if (filled === null || words === null) return filled;
  return words[String(filled)] ?? words['*'] ?? null;
}

function render(template: string, values: Values): string | null {
  let isWhole = true;
  const text = template.replaceAll(placeholder, (_, source: string) => {
    const value = values.get(source);
    if (value === undefined) isWhole = false;
    return String(value ?? '');
  });
  return isWhole ? text : null;
}
