import { existsSync, readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import * as v from 'valibot';
import { parse } from 'yaml';

/** A vendor's OpenAPI 3.0 description, as far as requests and answers are checked against it. */
const Content = v.record(v.string(), v.looseObject({}));
const Operation = v.looseObject({
  parameters: v.optional(
    v.array(
      v.looseObject({
        name: v.string(),
        in: v.string(),
        required: v.optional(v.boolean()),
        schema: v.optional(v.looseObject({ type: v.optional(v.string()), enum: v.optional(v.array(v.unknown())) })),
      }),
    ),
    [],
  ),
  requestBody: v.optional(v.looseObject({ content: Content })),
  responses: v.record(v.string(), v.looseObject({ content: v.optional(Content) })),
});
type Operation = v.InferOutput<typeof Operation>;
const Description = v.looseObject({ paths: v.record(v.string(), v.record(v.string(), v.unknown())) });

interface Route {
  readonly document: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly method: string;
  readonly operation: unknown;
}

export interface Exchange {
  readonly method: string;
  /** Below the server's address, with the query. */
  readonly url: URL;
  readonly requestBody: unknown;
  readonly contentType: string;
  readonly status: number;
  readonly responseBody: unknown;
}

/** Checks exchanges against the descriptions that a vendor publishes. */
export class ApiDescription {
  readonly #ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true, validateFormats: true }));
  readonly #routes: Route[] = [];
  readonly #validators = new Map<string, ValidateFunction>();

  /**
   * `base` is the path of the server's address, as `/v1`: a regular expression. Some vendors write `oneOf` for
   * alternatives that overlap, which nothing could satisfy: with `overlapping` it is read as `anyOf`.
   */
  add(path: string, base: string, { overlapping = false }: { readonly overlapping?: boolean } = {}): this {
    const text = readFileSync(path, 'utf8');
    const read = overlapping ? text.replaceAll('"oneOf"', '"anyOf"') : text;
    const document: unknown = path.endsWith('.json') ? JSON.parse(read) : parse(read, { maxAliasCount: -1 });
    const { paths } = v.parse(Description, document);
    this.#ajv.addSchema(v.parse(v.looseObject({}), document), path, undefined, false);
    for (const [template, methods] of Object.entries(paths)) {
      const pattern = new RegExp(`^${base}${template.replaceAll(/\{[^}]+\}/g, '([^/]+)')}/?$`);
      for (const [method, operation] of Object.entries(methods)) {
        if (['get', 'post', 'put', 'patch', 'delete'].includes(method))
          this.#routes.push({ document: path, template, pattern, method, operation });
      }
    }
    // Literal paths go before those with parameters.
    this.#routes.sort((a, b) => a.template.split('{').length - b.template.split('{').length);
    return this;
  }

  /** What is wrong with an exchange by the vendor's description; nothing for one as it should be. */
  violations(exchange: Exchange): string[] {
    const { method, url, requestBody, contentType, status, responseBody } = exchange;
    const where = `${method} ${url.pathname}`;
    const route = this.#routes.find(
      (candidate) => candidate.method === method.toLowerCase() && candidate.pattern.test(url.pathname),
    );
    if (route === undefined) return [`${where} is not described`];
    const operation = v.parse(Operation, route.operation);
    return [
      ...queryViolations(operation, url).map((fault) => `${where}: ${fault}`),
      ...this.#bodyViolations(route, operation, requestBody, contentType).map((fault) => `${where}: ${fault}`),
      ...(status >= 300
        ? []
        : this.#responseViolations(route, operation, status, responseBody).map(
            (fault) => `${where} ${status}: ${fault}`,
          )),
    ];
  }

  #bodyViolations(route: Route, operation: Operation, body: unknown, contentType: string): string[] {
    const content = operation.requestBody?.content;
    if (content === undefined) return body === undefined ? [] : ['takes no body'];
    const type = Object.keys(content).find((known) => contentType.startsWith(known));
    if (type === undefined) return [`has a body of type '${contentType}', not ${Object.keys(content).join(' or ')}`];
    return this.#check(route, ['requestBody', 'content', type, 'schema'], body);
  }

  #responseViolations(route: Route, operation: Operation, status: number, body: unknown): string[] {
    const response = operation.responses[String(status)];
    if (response === undefined) return [`this status is not described`];
    if (response.content?.['application/json'] === undefined) return [];
    return this.#check(route, ['responses', String(status), 'content', 'application/json', 'schema'], body);
  }

  #check({ document, template, method }: Route, steps: readonly string[], body: unknown): string[] {
    const pointer = ['paths', template, method, ...steps]
      .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const key = `${document}#/${pointer}`;
    const validate = this.#validators.get(key) ?? this.#ajv.compile({ $ref: key });
    this.#validators.set(key, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`);
  }
}

function queryViolations({ parameters }: Operation, url: URL): string[] {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const missing = known
    .filter(({ name, required }) => required === true && !url.searchParams.has(name))
    .map(({ name }) => `query parameter '${name}' is missing`);
  const wrong = [...url.searchParams].flatMap(([name, value]) => {
    const schema = known.find((parameter) => parameter.name === name)?.schema;
    if (schema === undefined) return [`query parameter '${name}' is not described`];
    if (schema.type === 'integer' && !/^-?\d+$/.test(value)) return [`query parameter '${name}' is no integer`];
    if (schema.type === 'boolean' && !/^(?:true|false)$/.test(value))
      return [`query parameter '${name}' is no boolean`];
    if (schema.enum !== undefined && !value.split(',').every((part) => schema.enum?.includes(part)))
      return [`query parameter '${name}' is none of ${schema.enum.join(', ')}`];
    return [];
  });
  return [...missing, ...wrong];
}

/** Published descriptions of public APIs; not part of the repository. */
const folder = new URL('../../../shared/data/openapi/', import.meta.url).pathname;

export const hasDescription = (name: string): boolean => existsSync(`${folder}${name}`);
export const descriptionPath = (name: string): string => `${folder}${name}`;
