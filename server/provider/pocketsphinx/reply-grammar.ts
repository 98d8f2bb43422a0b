import type { ExpectedReply } from '../../agent/listen/recognizer.ts';

/** What an open question leaves so narrow that a grammar hears it better than a language model. */
export type GuidedReply = Exclude<ExpectedReply, { readonly kind: 'open' }>;

const digits = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const yes = [
  'yes',
  'yeah',
  'yep',
  'correct',
  'right',
  "that's right",
  'that is right',
  'yes it is',
  "yes that's right",
];
const no = ['no', 'nope', 'wrong', "that's wrong", 'no it is not', "no it isn't", "no that's wrong", 'not quite'];
/** Short ways out of a dictation. Few: each of them can be heard where a digit was said. */
const waysOut = ['say that again', 'hold on', "i don't know", 'no thanks', 'i would rather not'];
/** A way out is so much less likely than what was asked for. */
const wayOutWeight = 0.05;

const choice = (phrases: readonly string[]): string => phrases.join(' | ');
const times = (rule: string, count: number): string => Array.from({ length: count }, () => rule).join(' ');

/** The reply as a JSpeech Grammar Format document (W3C note of 5 June 2000). */
export function replyGrammar({ kind, count }: GuidedReply): string {
  const number = times('<digit>', count);
  const rules =
    kind === 'digits'
      ? [`public <reply> = /1/ ${number} | /${wayOutWeight}/ <out>;`]
      : [
          `<yes> = ${choice(yes)};`,
          `<no> = ${choice(no)};`,
          `<put-right> = [<no>] [it is | it's] ( <digit> not <digit> | ${number} );`,
          'public <reply> = <yes> | <no> | <put-right>;',
        ];
  return [
    '#JSGF V1.0;',
    'grammar reply;',
    `<digit> = ${choice(digits)};`,
    `<out> = ${choice(waysOut)};`,
    ...rules,
    '',
  ].join('\n');
}

/** Every word a grammar can hold. */
export const grammarWords: readonly string[] = [
  ...new Set([...digits, ...yes, ...no, ...waysOut, "it's", 'it is', 'not'].flatMap((phrase) => phrase.split(' '))),
];
