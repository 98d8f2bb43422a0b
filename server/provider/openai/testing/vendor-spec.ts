import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as v from 'valibot';

const specFile = fileURLToPath(new URL('../../../../../shared/data/openapi/openai.json', import.meta.url));

/** Tests that need the vendor's API description skip without it. */
export const hasVendorSpec = existsSync(specFile);

const Schema = v.looseObject({});
const Content = v.record(v.string(), v.object({ schema: v.optional(Schema) }));
const Operation = v.object({
  parameters: v.optional(v.array(v.looseObject({ name: v.string(), in: v.string() })), []),
  requestBody: v.optional(v.object({ content: Content })),
});
const Spec = v.object({
  paths: v.record(v.string(), v.record(v.string(), v.unknown())),
  components: v.object({ schemas: v.record(v.string(), Schema) }),
});
type Spec = v.InferOutput<typeof Spec>;

const checkedPaths = [
  ['/chat/completions', 'application/json'],
  ['/audio/speech', 'application/json'],
  ['/audio/transcriptions', 'multipart/form-data'],
] as const;
const checkedSchemas = [
  'RealtimeClientEventSessionUpdate',
  'RealtimeClientEventInputAudioBufferAppend',
  'RealtimeClientEventInputAudioBufferCommit',
  'RealtimeClientEventInputAudioBufferClear',
  'RealtimeServerEvent',
];

let loaded: Promise<VendorSpec> | undefined;

/** The vendor's API description (OpenAPI 3.1), as a judge of what was sent. Each check gives faults; none: it is valid. */
export class VendorSpec {
  readonly #spec: Spec;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  private constructor(json: unknown) {
    this.#spec = v.parse(Spec, json);
    formats.default(this.#ajv);
    for (const name of ['binary', 'unixtime']) this.#ajv.addFormat(name, true);
    this.#ajv.addSchema({ $id: 'spec:', components: this.#spec.components });
  }

  /** Reading and compiling take a second: once in a process, and not while a test's clock runs. */
  static load(): Promise<VendorSpec> {
    loaded ??= VendorSpec.#load();
    return loaded;
  }

  static async #load(): Promise<VendorSpec> {
    const spec = new VendorSpec(JSON.parse(await readFile(specFile, 'utf8'), withoutNullable));
    for (const [path, contentType] of checkedPaths) spec.request('POST', path, new URLSearchParams(), contentType, {});
    for (const name of checkedSchemas) spec.schema(name, {});
    return spec;
  }

  /** @param path as in the description, `/audio/speech`. */
  request(method: string, path: string, query: URLSearchParams, contentType: string, body: unknown): string[] {
    const operation = v.safeParse(Operation, this.#spec.paths[path]?.[method.toLowerCase()]);
    if (!operation.success) return [`${method} ${path} is not in the API description`];
    const ofQuery = operation.output.parameters.filter((parameter) => parameter.in === 'query');
    const known = new Set(ofQuery.map(({ name }) => name));
    const strayQuery = [...query.keys()].filter((name) => !known.has(name));
    const faults = strayQuery.map((name) => `${method} ${path} has no query parameter '${name}'`);
    const content = operation.output.requestBody?.content;
    if (!content) return faults;
    const schema = content[contentType]?.schema;
    if (!schema) return [...faults, `${method} ${path} takes ${Object.keys(content).join(', ')}, not '${contentType}'`];
    return [...faults, ...this.#check(`${method} ${path}`, rooted(schema), body)];
  }

  /** @param name of a schema under `components`. */
  schema(name: string, value: unknown): string[] {
    return this.#check(name, { $ref: `spec:#/components/schemas/${name}` }, value);
  }

  /** The names of a multipart form's array fields: they come as `name[]`. */
  fieldType(schemaName: string, field: string): unknown {
    const schema = v.safeParse(
      v.object({ properties: v.record(v.string(), v.looseObject({ type: v.optional(v.unknown()) })) }),
      this.#spec.components.schemas[schemaName],
    );
    if (!schema.success) throw new Error(`The API description has no form '${schemaName}'`);
    const property = schema.output.properties[field];
    const choices = v.safeParse(v.array(v.looseObject({ type: v.unknown() })), property?.['anyOf']);
    return property?.type ?? (choices.success ? choices.output[0]?.['type'] : undefined);
  }

  #check(label: string, schema: object, value: unknown): string[] {
    const key = JSON.stringify(schema);
    const validate = this.#compiled.get(key) ?? this.#ajv.compile(schema);
    this.#compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = 'is invalid', params, schemaPath }) =>
        `${label}${instancePath || '/'} ${message} ${JSON.stringify(params)} (${schemaPath})`,
    );
  }
}

/** The schema with its references made absolute; a field that it does not name is a fault too. */
function rooted(schema: v.InferOutput<typeof Schema>): object {
  const absolute: unknown = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"spec:#/components/'));
  return { allOf: [absolute], unevaluatedProperties: false };
}

/** The description is OpenAPI 3.1 with some `nullable` left over from 3.0, which JSON Schema does not know. */
function withoutNullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable: _, ...rest } = value;
  return { anyOf: [rest, { type: 'null' }] };
}
