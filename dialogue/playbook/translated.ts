import type { Bundle, Patch } from './bundle.ts';
import { contentOf, type Content } from './content.ts';
import type { SourceLocale } from './locale-source.ts';
import { differenceOf } from './patch.ts';
import { patched } from './patched.ts';
import type { Source } from './source.ts';

/** A playbook in another of its languages: what is not translated stays as it is. */
export function translated(source: Source, locale: string, words: SourceLocale): Source {
  const { disclosure } = source;
  const facts = words.facts;
  const questions = Object.fromEntries(
    Object.entries(words.questions).map(([id, question]) => [id, { ...question, points: {} }]),
  );
  const objections = Object.fromEntries(
    Object.entries(words.objections).map(([id, { attempts, ...objection }]) => {
      const own = source.objections.find((each) => each.id === id)?.attempts ?? [];
      const cited = attempts?.map(({ says }, at) => ({ says, cites: own[at]?.cites ?? [] }));
      return [id, { ...objection, ...(cited === undefined ? {} : { attempts: cited }) }];
    }),
  );
  const { greeting, wording } = words;
  return {
    ...patched(source, {
      ...(greeting === undefined ? {} : { greeting }),
      wording,
      facts,
      questions,
      objections,
    }),
    locale,
    disclosure: {
      version: disclosure.version,
      text: words.disclosure.text ?? disclosure.text,
      spoken: words.disclosure.spoken ?? disclosure.spoken,
    },
  };
}

/** A locale's sentences as a bundle has them: only what is translated. */
export function localePatches(source: Source, content: Content): NonNullable<Bundle['locales']> {
  return Object.entries(source.locales).map(([locale, words]) => {
    const patch = differenceOf(content, contentOf(translated(source, locale, words)));
    return { locale, patch: onlyTranslated(patch, words) };
  });
}

/** Leaves out what differs only in how a voice of the other language would read the playbook's own sentence. */
function onlyTranslated(patch: Patch, words: SourceLocale): Patch {
  const { greeting, spokenDisclosure, ...rest } = patch;
  const translatedItems = <Item extends { readonly id: string }>(
    items: readonly Item[],
    by: Readonly<Record<string, unknown>>,
  ): Item[] => items.filter(({ id }) => Object.hasOwn(by, id));
  return {
    ...rest,
    ...(greeting === undefined || words.greeting === undefined ? {} : { greeting }),
    ...(spokenDisclosure === undefined || words.disclosure.spoken === undefined ? {} : { spokenDisclosure }),
    wording: Object.fromEntries(Object.entries(patch.wording).filter(([key]) => Object.hasOwn(words.wording, key))),
    facts: translatedItems(patch.facts, words.facts),
    questions: translatedItems(patch.questions, words.questions),
    objections: translatedItems(patch.objections, words.objections),
  };
}
