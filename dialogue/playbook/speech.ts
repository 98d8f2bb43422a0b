import { firstNames, lastNames } from '../capture/names.ts';
import { natoWords } from '../capture/letters.ts';
import { wordsOf } from '../understand/words.ts';
import { spokenOf } from '../phrase/spoken.ts';
import { commonIntents } from '../understand/common-intents.ts';
import { escalationRules } from './build-people.ts';
import { expand } from './expand.ts';
import { asHeard } from './sounds-like.ts';
import { enginePhrases } from './speech-patterns.ts';
import type { Source } from './source.ts';

const perTemplate = 40;

/**
 * What callers may say, for the recogniser's n-gram language model: the playbook's examples, what every
 * caller says, and everything the dialogue can capture. Lower case, words only, always in the same order.
 */
export function speechPhrases(source: Source): string[] {
  const phrases: string[] = [];
  const add = (templates: readonly string[], limit = perTemplate) => {
    for (const template of templates) phrases.push(...expand(template, source.lists, limit));
  };
  for (const fact of source.facts) add(fact.examples);
  for (const intent of source.intents) add(intent.examples);
  for (const objection of source.objections) add(objection.examples);
  for (const rule of escalationRules(source)) {
    if (rule.when === 'high-stakes') add([...rule.phrases, ...rule.examples]);
  }
  for (const question of source.questions) {
    add(question.examples);
    for (const option of question.options) {
      add([...option.phrases, ...option.examples]);
      // And then they think of more.
      add(
        option.examples.flatMap((example) => ['and', 'but', 'so'].map((more) => `${example} ${more}`)),
        1,
      );
    }
    if (question.unit !== undefined)
      phrases.push(...sizes([...question.unit.words, ...question.unit.also.flatMap((unit) => unit.words)]));
  }
  for (const templates of Object.values(commonIntents)) add(templates);
  phrases.push(...names(), ...enginePhrases());
  const plain = phrases
    .map((phrase) => asHeard(wordsOf(spokenOf(phrase).replaceAll('-', ' ')).join(' '), source.soundsLike))
    .filter((phrase) => phrase !== '');
  // Repeats carry weight in an n-gram model: what is said often is heard better. Keep them.
  return plain;
}

/** Every first name in the commonest frames and one of the others; every last name after some first one. */
function names(): string[] {
  const frames = ['this is', "it's", 'hi this is', "the name's", 'hi my name is'];
  const out: string[] = [];
  firstNames.forEach((first, index) => {
    const last = lastNames[(index * 7) % lastNames.length] ?? '';
    const frame = frames[index % frames.length] ?? '';
    out.push(`my name is ${first} ${last}`, `${first} ${last}`, `i'm ${first}`, `${frame} ${first}`);
  });
  lastNames.forEach((last, index) => {
    const first = firstNames[(index * 11 + 5) % firstNames.length] ?? '';
    out.push(`${['my name is', '', 'this is'][index % 3] ?? ''} ${first} ${last}`.trim());
    if (index % 6 === 0) out.push(`${first} ${last} ${[...last].join(' ')}`);
  });
  natoWords.forEach((word, index) =>
    out.push(
      `${word[0] ?? ''} as in ${word}`,
      `${word} ${natoWords[(index * 5 + 3) % natoWords.length] ?? ''} ${natoWords[(index * 11 + 7) % natoWords.length] ?? ''}`,
    ),
  );
  return out;
}

/** A unit with every number word a size is told in. */
function sizes(unitWords: readonly string[]): string[] {
  const values = [
    10, 12, 15, 18, 20, 24, 25, 28, 30, 32, 35, 40, 45, 50, 60, 100, 500, 800, 900, 1_000, 1_100, 1_200, 1_300, 1_400,
    1_500, 1_600, 1_700, 1_800, 1_900, 2_000, 2_100, 2_200, 2_300, 2_400, 2_500, 2_600, 2_800, 3_000, 3_200, 3_500,
    4_000, 4_500, 5_000, 6_000, 8_000, 10_000,
  ];
  const frames = ['about', '', "it's about", 'around', 'maybe', 'roughly', 'i think', 'it is'];
  const spoken = unitWords.filter((word) => !/\d/.test(word) && word.length > 2 && !word.includes('ft'));
  return values.flatMap((value, index) => {
    const unit = spoken[index % spoken.length] ?? '';
    const main = spoken[0] ?? '';
    const hundreds =
      value > 1_000 && value < 10_000 && value % 1_000 !== 0 && value % 100 === 0
        ? [`${frames[(index + 3) % frames.length] ?? ''} ${spokenOf(String(value / 100))} hundred ${main}`]
        : [];
    return [
      `${frames[index % frames.length] ?? ''} ${value} ${main}`,
      `${frames[(index + 1) % frames.length] ?? ''} ${value} ${unit}`,
      `${value}`,
      ...(index % 3 === 0 ? [`${value} ${main} ${['and', 'but', 'so'][(index / 3) % 3] ?? ''}`] : []),
      ...hundreds,
    ];
  });
}
