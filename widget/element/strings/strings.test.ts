import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { es } from './es.ts';
import { languageOf, launcherStrings } from './launcher.ts';
import { loadStrings } from './load.ts';

/** Every text with its path; functions with what they make of plain words. */
function textsOf(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = `${path}${key}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') return [[here, String(Reflect.apply(value, null, ['AAA', 'BBB']))]];
    return typeof value === 'object' && value !== null ? textsOf(value, `${here}.`) : [];
  });
}

describe('strings', () => {
  it('are the same keys in both languages, none of them empty', () => {
    const english = textsOf(en);
    const spanish = textsOf(es);
    expect(spanish.map(([path]) => path)).toEqual(english.map(([path]) => path));
    expect([...english, ...spanish].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated: only the key to press is the same', () => {
    const spanish = new Map(textsOf(es));
    const same = textsOf(en).filter(([path, text]) => spanish.get(path) === text);
    expect(same.map(([path]) => path)).toEqual(['muteHint']);
  });

  it('use every parameter in both languages', () => {
    for (const table of [en, es])
      for (const make of [table.consent.title]) expect(make('AAA', 'BBB')).toMatch(/AAA.*BBB|BBB.*AAA/);
  });

  it.each([
    ['es', 'es'],
    ['es-MX', 'es'],
    ['ES', 'es'],
    ['en-US', 'en'],
    ['est', 'en'],
    ['fr', 'en'],
    ['', 'en'],
  ])('for "%s" are %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });

  it('load for every language of the launcher', async () => {
    expect(await loadStrings('es')).toBe(es);
    expect(await loadStrings('en')).toBe(en);
    expect(launcherStrings('es').label).not.toBe(launcherStrings('en').label);
  });
});
