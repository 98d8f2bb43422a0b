import { en } from './en.ts';
import type { Language } from './launcher.ts';
import type { Strings } from './strings.ts';

/** English is in the panel already; another language is one more small file. */
export async function loadStrings(language: Language): Promise<Strings> {
  switch (language) {
    case 'en':
      return en;
    case 'es':
      return (await import('./es.ts')).es;
    default:
      return language satisfies never;
  }
}
