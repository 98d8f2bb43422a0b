import type { Bundle } from './bundle.ts';
import { applyPatch, variantOf } from './patch.ts';

/** The best of the locales that there are: the same tag, else the same language, else the first. */
export function matchLocale(known: readonly [string, ...string[]], wanted: string): string {
  const languageOf = (tag: string) => tag.toLowerCase().split('-', 1)[0];
  return (
    known.find((tag) => tag.toLowerCase() === wanted.toLowerCase()) ??
    known.find((tag) => tag.toLowerCase() === languageOf(wanted)) ??
    known.find((tag) => languageOf(tag) === languageOf(wanted)) ??
    known[0]
  );
}

interface Localized {
  readonly locale: string;
  readonly locales?: readonly { readonly locale: string }[] | undefined;
}

/** A playbook's locales, its own first. */
export const localesOf = ({ locale, locales = [] }: Localized): [string, ...string[]] => [
  locale,
  ...locales.map((each) => each.locale),
];

/** The bundle as callers of one locale meet it. Itself for its own locale, and for those it does not have. */
export function applyLocale(bundle: Bundle, locale: string): Bundle {
  const found = bundle.locales?.find((each) => each.locale === locale);
  if (found === undefined) return bundle;
  return variantOf(bundle, `locale ${locale}`, () => ({ ...applyPatch(bundle, found.patch), locale }));
}
