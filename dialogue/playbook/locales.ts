/** Locales in which the engine itself is at home: its own sentences, its recogniser, and what it understands. */
const english = ['en-US', 'en', 'en-GB', 'en-CA', 'en-AU', 'en-NZ', 'en-IE', 'en-ZA', 'en-IN'];

/** Locales that only cloud engines and a language model can serve; all wording is the owner's. */
const others = [
  'es-US',
  'es',
  'es-MX',
  'es-ES',
  'fr',
  'fr-CA',
  'fr-FR',
  'de',
  'de-DE',
  'de-AT',
  'de-CH',
  'it',
  'it-IT',
  'pt',
  'pt-BR',
  'pt-PT',
  'nl',
  'nl-NL',
];

export const knownLocales: readonly string[] = [...english, ...others];

export const isEnglish = (locale: string): boolean => english.includes(locale);
