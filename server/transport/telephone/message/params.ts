/** Parameters in their order, as of a URI or a header (`;tag=1;lr`). Names in lower case; without `=` the value is ''. */
export type Params = ReadonlyMap<string, string>;

export const noParams: Params = new Map();

/** @param parts what stood between the semicolons. Of a name that comes twice the first one counts. */
export function parseParams(parts: readonly string[]): Params {
  if (parts.length === 0) return noParams;
  const params = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name === '' || params.has(name)) continue;
    params.set(name, equals < 0 ? '' : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

export function writeParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === '' ? `;${name}` : `;${name}=${quoteIfNeeded(value)}`;
  return text;
}

/** The content of a quoted string, with its escapes resolved; any other text as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const bare = /^[A-Za-z0-9\-.!%*_+`'~:[\]/?&$@#]+$/;
const quoteIfNeeded = (value: string): string => (bare.test(value) ? value : quote(value));
