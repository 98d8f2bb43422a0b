import * as v from 'valibot';

/** As much of a Valibot schema as a walk needs. */
interface Walked {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Walked>>;
  readonly wrapped?: Walked;
  readonly item?: Walked;
  readonly value?: Walked;
  readonly options?: readonly unknown[];
  /** Of a variant, the name of the field that tells its options apart. */
  readonly key?: unknown;
  readonly literal?: unknown;
}

const isWalked = (value: unknown): value is Walked => v.is(v.looseObject({ type: v.string() }), value);

/** Every place of a body where its schema has text, by dots. Of a variant those of the option that `sample` is. */
export function textFields(schema: Walked, sample: unknown, path = ''): string[] {
  const below = (name: string | number): string => (path === '' ? `${name}` : `${path}.${name}`);
  const fields: Record<string, unknown> = v.is(v.record(v.string(), v.unknown()), sample) ? sample : {};
  switch (schema.type) {
    case 'string':
    case 'picklist':
    case 'literal':
      return [path];
    case 'optional':
    case 'nullable':
    case 'nullish':
      return schema.wrapped === undefined ? [] : textFields(schema.wrapped, sample, path);
    case 'object':
    case 'strict_object':
      return Object.entries(schema.entries ?? {}).flatMap(([name, entry]) =>
        textFields(entry, fields[name], below(name)),
      );
    case 'array':
      return schema.item === undefined ? [] : textFields(schema.item, undefined, below(0));
    case 'record':
      return schema.value === undefined ? [] : textFields(schema.value, undefined, below('x'));
    case 'union':
      return [
        ...new Set((schema.options ?? []).filter(isWalked).flatMap((option) => textFields(option, sample, path))),
      ];
    case 'variant': {
      const options = (schema.options ?? []).filter(isWalked);
      const key = String(schema.key);
      const own = options.find(({ entries }) => entries?.[key]?.literal === fields[key]);
      return own === undefined ? [] : textFields(own, sample, path);
    }
    case 'boolean':
    case 'number':
      return [];
    default:
      throw new Error(`The walk does not know what text '${schema.type}' has.`);
  }
}

/** The same body with another value at a place; what leads there is made. */
export function withField(body: unknown, path: string, value: unknown): unknown {
  const [name = '', ...rest] = path.split('.');
  const inner = (of: unknown): unknown => (rest.length === 0 ? value : withField(of, rest.join('.'), value));
  if (/^\d+$/.test(name)) return [inner(Array.isArray(body) ? body[0] : undefined)];
  const fields = v.is(v.record(v.string(), v.unknown()), body) ? body : {};
  return { ...fields, [name]: inner(fields[name]) };
}
