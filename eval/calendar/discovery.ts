import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import * as v from 'valibot';

const Method = v.object({
  httpMethod: v.string(),
  path: v.string(),
  parameters: v.optional(
    v.record(v.string(), v.object({ location: v.string(), required: v.optional(v.boolean()) })),
    {},
  ),
  request: v.optional(v.object({ $ref: v.string() })),
  response: v.optional(v.object({ $ref: v.string() })),
});
type Method = v.InferOutput<typeof Method>;

const Document = v.object({
  servicePath: v.string(),
  schemas: v.record(v.string(), v.unknown()),
  resources: v.record(v.string(), v.object({ methods: v.record(v.string(), Method) })),
});

/** Checks requests and answers against a Google API discovery document. */
export class Discovery {
  readonly #ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }));
  readonly #methods: readonly (Method & { readonly pattern: RegExp })[];

  constructor(path: string) {
    const document = v.parse(Document, JSON.parse(readFileSync(path, 'utf8')));
    for (const [name, schema] of Object.entries(document.schemas)) {
      this.#ajv.addSchema(v.parse(v.looseObject({}), closed(schema)), name);
    }
    this.#methods = Object.values(document.resources)
      .flatMap(({ methods }) => Object.values(methods))
      .map((method) => ({
        ...method,
        pattern: new RegExp(`^/${document.servicePath}${method.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      }));
  }

  /** What is wrong with an exchange; nothing for one as it should be. */
  violations(exchange: {
    readonly method: string;
    readonly url: URL;
    readonly requestBody: unknown;
    readonly status: number;
    readonly responseBody: unknown;
  }): string[] {
    const { url, requestBody, responseBody } = exchange;
    const found = this.#methods.find(
      ({ httpMethod, pattern }) => httpMethod === exchange.method && pattern.test(url.pathname),
    );
    if (found === undefined) return [`${exchange.method} ${url.pathname} is not described`];
    const unknown = [...url.searchParams.keys()].filter((name) => found.parameters[name]?.location !== 'query');
    return [
      ...unknown.map((name) => `query parameter ${name} is not described`),
      ...this.#check(found.request?.$ref, requestBody, 'request'),
      ...(exchange.status === 200 ? this.#check(found.response?.$ref, responseBody, 'answer') : []),
    ].map((fault) => `${exchange.method} ${url.pathname}: ${fault}`);
  }

  #check(schema: string | undefined, body: unknown, what: string): string[] {
    if (schema === undefined) return body === undefined ? [] : [`${what} has a body`];
    const validate = this.#ajv.getSchema(schema);
    if (validate === undefined) return [`there is no schema ${schema}`];
    if (validate(body) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
  }
}

/** A discovery schema as a JSON schema in which no property is allowed that is not described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([key, value]) => key !== 'id' && !(key === 'required' && typeof value === 'boolean') && value !== 'any')
    .map(([key, value]): [string, unknown] => [
      key,
      key === 'properties'
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each)]))
        : closed(value),
    ]);
  const result: Record<string, unknown> = Object.fromEntries(entries);
  if ('properties' in result && !('additionalProperties' in result)) result['additionalProperties'] = false;
  return result;
}
