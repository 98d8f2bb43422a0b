import { dayNames, monthNames } from '../capture/calendar-names.ts';
import { firstNames, lastNames } from '../capture/names.ts';
import { spokenDigits } from '../capture/number-names.ts';
import { numberWords, ordinalWords } from '../phrase/spoken.ts';
import { expand } from './expand.ts';

/** What the engine itself can understand, whatever the business: said as callers say it. */

const answers = [
  '(yes|yeah|yep|sure|correct|right|okay|absolutely|definitely|exactly|perfect|no|nope|nah)',
  '(yes|yeah|yep) (please|sure|that works|that is right|it is|i would|i do|correct|go ahead|sounds good|book it|please do)',
  "(that's|that is) (right|correct|fine|good|wrong|not right|not correct|it|great)",
  'yes (that is correct|that is right|please book it|that would be great)',
  "yes (that's right|that's correct|that's fine|that's it)",
  '(no|nope) (thanks|thank you|not really|not right now|not now)',
  'no (that is wrong|that is not right|that is not correct)',
  "no (that's wrong|that's not right|that's not it|that's all)",
  'sounds (good|great)',
  'of course',
  'go ahead',
  'please do',
  '(uh huh|mm hmm|mm|hmm|okay|right|i see|got it|all right|alright)',
  "i don't (think so|know)",
  "let's do it",
  'that works [for me]',
  'works for me',
  'book it [please]',
  'no problem',
  'why not',
  'i guess so',
  'not yet',
  "(it's|it is|its) (wrong|right|fine)",
  'um',
  'uh',
  'well',
  'hello',
  'hi',
];
/** Where callers stop to think: heard well, the agent waits for the rest. */
const beginnings = [
  '(um|uh|and|but|so|well)',
  '(about|around|it is|its)',
  "it's [about]",
  'um (i|i need|my|my number is|my name is|about|how much|do you|what|we|yes|no)',
  '(and|but) (i|we|it|how|what|also|my|the)',
  'i also (need|want|have)',
  "(i'm|i am) calling about",
  "(i'd like to|i want to|i need to|do you|how much|can you|how about|what about)",
  'my (name|number|phone number|email|budget) is',
  'you can (reach|call) me at',
  'area code',
  'between {thousands} and',
];
const corrections = [
  "no it's {digit} not {digit}",
  "it's {digit} not {digit}",
  'no {digit} not {digit}',
  'not {digit} {digit}',
  'that should be {digit} not {digit}',
  '{digit} instead of {digit}',
  'no the last (digit|number) is {digit}',
  'the last four are {digit} {digit} {digit} {digit}',
  'no it ends in {digit} {digit}',
  'the area code is {digit} {digit} {digit}',
  'not {digit} but {digit}',
  'no sorry {digit} {digit} {digit}',
  "no it's {letter} not {letter}",
  '{letter} not {letter}',
  "actually it's {digit} {digit} {digit}",
];
const contact = [
  '(my|the) [phone] number is {three} {three} {four}',
  'you can (call|reach) me at {three} {three} {four}',
  "(it's|its|it is) {three} {three} {four}",
  'my cell is {three} {three} {four}',
  'area code {three} {three} {four}',
  'call me at {three} {three} {four}',
  '{three} {three} {four}',
  '{three}',
  '{four}',
  '{three} {four}',
  '{three} {three}',
  'plus one {three} {three} {four}',
  'one {three} {three} {four}',
];
const times = [
  '{day}',
  '[on] {day} [{part}]',
  '{day} at {hour}',
  '[the] {day} (is|works) (good|fine|best)',
  'not [on] {day}',
  "{day} doesn't work",
  '{day} is no good',
  'can we do {day}',
  'do you have [anything on] {day}',
  'how about {day} [{part}]',
  'what about {day} [at] {hour}',
  '(any time|anything) [on] {day}',
  'next {day}',
  'this {day}',
  "{hour} [o'clock]",
  "[at] {hour} o'clock",
  '{hour} (a m|p m)',
  '{hour} (thirty|fifteen|forty five)',
  '{hour} thirty (a m|p m)',
  'at {hour}',
  'the {hour} one',
  "the {hour} o'clock [one]",
  'half past {hour}',
  '(after|before) {hour}',
  'around {hour}',
  '{day} {hour} (a m|p m)',
  "{day} {hour} o'clock",
  'the (first|second|third|last) [one]',
  '[the] (first|second|third|last) one [please]',
  '(the first|the second|the third) one (is good|works|please|sounds good)',
  'number (one|two|three)',
  'option (one|two|three)',
  'the (earlier|later) one',
  "i'll take the (first|second|third|last) [one]",
  '(something|anything) (later|earlier|else|sooner)',
  '[do you have] (something|anything) later [in the week]',
  'none of (those|them) [work]',
  "(those|they) don't work [for me]",
  'neither',
  'next week [please]',
  'the week after [next]',
  'this week',
  'tomorrow [{part}]',
  'today',
  'the day after tomorrow',
  'in the (morning|afternoon)',
  '(mornings|afternoons) [are better]',
  '(morning|afternoon) please',
  'any time [is fine]',
  'whatever works',
  'either one',
  'the earliest [you have]',
  'as soon as possible',
  'later in the day',
  'next month',
  'not in the (morning|afternoon)',
  '{month} {ordinal}',
  '{month} the {ordinal}',
  'the {ordinal}',
  '[on] the {ordinal} of {month}',
  '{day} the {ordinal}',
  'in {month}',
  'do you have other times',
  'not that day',
  'another day [please]',
  "i can't do {day}",
  'noon',
  '{day} at noon',
];
const timelines = [
  'in (one|two|three|four|five|six) (weeks|months|days)',
  '(in|within) (a week|a month|a year|two months|six weeks|the next month)',
  'next (week|month|year|spring|summer|fall|winter)',
  'this (week|month|year|spring|summer|fall|winter)',
  'in (a couple of|a few) (weeks|months)',
  '(by|before) the end of the (month|year)',
  'in the (spring|summer|fall|winter)',
  'sometime (next|this) (month|year|spring|summer)',
  'in about (two|three|six) (weeks|months)',
];
const money = [
  '[about|around|maybe|under|up to|over|roughly|my budget is [about]|we have|i have] {thousands} thousand [dollars]',
  '{thousands} to {thousands} thousand [dollars]',
  'between {thousands} and {thousands} thousand [dollars]',
  '{thousands} (grand|k)',
  '{thousands} thousand five hundred [dollars]',
  '{hundreds} hundred [dollars]',
  'less than {thousands} thousand',
  'no more than {thousands} thousand',
  'at least {thousands} thousand',
];

/** 1 to 31. */
const monthDays = Array.from({ length: 31 }, (_, index) => index + 1);
const lists: Readonly<Record<string, readonly string[]>> = {
  digit: spokenDigits,
  letter: [...'abcdefghijklmnopqrstuvwxyz'],
  day: dayNames,
  part: ['morning', 'afternoon', 'in the morning', 'in the afternoon'],
  hour: [8, 9, 10, 11, 12, 1, 2, 3, 4, 5].map(numberWords),
  month: monthNames,
  ordinal: monthDays.map(ordinalWords),
  thousands: [...monthDays.slice(0, 16), 18, 20, 25, 30, 35, 40, 50].map(numberWords),
  hundreds: [5, 8, 9, 12, 15, 18, 25, 35].map(numberWords),
};

/** A small generator with a fixed seed (Numerical Recipes' constants): the same phrases each time. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function saidDigits(count: number, next: (below: number) => number): string {
  const words: string[] = [];
  while (words.length < count) {
    const digit = spokenDigits[next(11)] ?? 'zero';
    if (words.length + 2 <= count && next(16) === 0) words.push('double', digit);
    else if (words.length + 3 <= count && next(60) === 0) words.push('triple', digit);
    else words.push(digit);
  }
  return words.join(' ');
}

/** All pairs and triples of digits many times over, in groups of 2 to 10. */
function digitPhrases(): string[] {
  const next = sequence(20_261_123);
  const out: string[] = [];
  for (const a of spokenDigits)
    for (const b of spokenDigits)
      for (const c of spokenDigits) out.push(`${a} ${b} ${c} ${saidDigits(next(3), next)}`.trim());
  for (let index = 0; index < 900; index++) out.push(saidDigits(index % 3 === 0 ? 10 : 2 + (index % 9), next));
  for (let index = 0; index < 300; index++) {
    const frame = contact[index % contact.length] ?? '';
    out.push(...expand(frame, { three: [saidDigits(3, next)], four: [saidDigits(4, next)] }, 4));
  }
  return out;
}

function emailPhrases(): string[] {
  const next = sequence(7);
  const hosts = [
    'gmail dot com',
    'yahoo dot com',
    'hotmail dot com',
    'outlook dot com',
    'icloud dot com',
    'aol dot com',
    'g mail dot com',
    'comcast dot net',
    'example dot com',
  ];
  const out: string[] = [];
  for (let index = 0; index < 420; index++) {
    const first = firstNames[next(firstNames.length)] ?? '';
    const last = lastNames[next(lastNames.length)] ?? '';
    const host = hosts[index % 2 === 0 ? 0 : next(hosts.length)] ?? '';
    const spelled = (word: string) => [...word].join(' ');
    const locals = [
      `${first} dot ${last}`,
      `${first} ${last}`,
      spelled(first),
      `${spelled(first)} dot ${spelled(last)}`,
      `${first} dot ${spelled(last)}`,
      `${first[0] ?? ''} ${last}`,
      `${first} ${saidDigits(2, next)}`,
      `${first} underscore ${last}`,
      spelled(last),
      `${first[0] ?? ''} dot ${last}`,
    ];
    const local = locals[index % locals.length] ?? '';
    const lead = ['', '', "it's ", 'my email is ', 'the email is '][next(5)] ?? '';
    out.push(`${lead}${local} at ${host}`);
    if (index % 7 === 0) out.push(`${local} at`, `at ${host}`, local);
  }
  const letters = lists['letter'] ?? [];
  for (const a of letters)
    for (let index = 0; index < 26; index += 3)
      out.push(`${a} ${letters[(index + next(3)) % 26] ?? ''} ${letters[next(26)] ?? ''} ${letters[next(26)] ?? ''}`);
  return out;
}

export function enginePhrases(): string[] {
  const spread = (templates: readonly string[], limit: number) =>
    templates.flatMap((template) => expand(template, lists, limit));
  // Short answers come in every call: three times each.
  const common = spread(answers, 60);
  return [
    ...common,
    ...common,
    ...common,
    ...spread(beginnings, 40),
    ...spread(beginnings, 40),
    ...spread(corrections, 33),
    ...spread(times, 30),
    ...spread(timelines, 24),
    ...spread(money, 40),
    ...digitPhrases(),
    ...emailPhrases(),
  ];
}
