/** An escape of half a character (a surrogate, U+D800 to U+DFFF). What a body has as bytes is whole. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

/**
 * Where a JSON body has text with half a character in it, by dots; null where nowhere. UTF-8 has no bytes for such text: a
 * database would keep something else.
 *
 * @param json the body that `value` was parsed from.
 */
export function halfCharacterIn(json: string, value: unknown): string | null {
  return surrogateEscape.test(json) ? findHalf(value, '') : null;
}

function findHalf(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    const found = name.isWellFormed() ? findHalf(inner, place) : place.toWellFormed();
    if (found !== null) return found;
  }
  return null;
}
