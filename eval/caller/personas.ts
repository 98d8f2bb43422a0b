import type { CallerVoice } from '../speech/caller-voice.ts';
import type { Persona, Rule } from './persona.ts';

/** A question may come twice when the line was bad; a caller answers it the same way again. */
const readBack = /(?:is that|did i get that|have i got that|got it) (?:right|correct)|correct\?|right\?|shall i book/i;
export const timesOffered =
  /which (?:one|time|of)|works? (?:for you|best)|suits? you|would you (?:like|prefer) (?:one|to)/i;
const appointmentOffer = /find you a time|like a free roof inspection/i;
const name = /your (?:full )?name|who am i (?:talking|speaking)|last name|spell/i;
const phone = /(?:phone|best) number|number (?:to|can|should|for)|reach you|e-?mail/i;
const size = /how (?:big|large)|square feet/i;
const timeline = /when would you like|urgent/i;
const budget = /budget|like to spend/i;
const need = /help with your roof|a repair, or/i;
const more = /anything else/i;

/** A telephone shows who calls; the agent asks whether that is the number to use. */
const shownNumber = /best one to reach you/i;

/** How a number is said on a line on which the agent takes it in pieces. */
function pieces(first: string, next: string, last: string): Rule[] {
  return [
    { when: /first three digits/i, say: first, times: 3 },
    { when: /next three digits/i, say: next, times: 3 },
    { when: /last four digits/i, say: last, times: 3 },
  ];
}

const susan: readonly Rule[] = [
  { when: need, say: 'i need a new roof', times: 3 },
  { when: timesOffered, say: 'the first one please', times: 4 },
  { when: shownNumber, say: "yes that's right", times: 4 },
  { when: readBack, say: "yes that's right", times: 6 },
  ...pieces('three oh three', 'five five five', 'oh one four two'),
  { when: appointmentOffer, say: 'yes please', times: 4 },
  { when: name, say: 'my name is susan miller', times: 4 },
  { when: phone, say: 'three oh three, five five five, oh one four two', times: 4 },
  { when: size, say: 'about two thousand square feet', times: 4 },
  { when: timeline, say: 'as soon as possible', times: 4 },
  { when: budget, say: 'about fifteen thousand dollars', times: 4 },
  { when: more, say: 'no thank you goodbye', times: 4 },
];

/** Answers what it is asked, agrees to every read-back, takes the first time. */
export function bookingCaller(voice: CallerVoice): Persona {
  return { voice, rules: susan };
}

/** What the CRM must hold after `bookingCaller`'s call. */
export const bookingFacts = {
  name: 'Susan Miller',
  phone: '+13035550142',
  answers: { need: 'new-roof', size: 2_000, timeline: 'now', budget: 15_000 },
};

/** Objects to the price, asks about the warranty, corrects its number, and wants a person. */
export function doubtfulCaller(voice: CallerVoice): Persona {
  return {
    voice,
    rules: [
      { when: /2 ?7\W+is that right/i, say: "no it's nine not two" },
      // When the correction itself was not understood, the whole number, as it should have been.
      { when: /digit by digit/i, say: 'three oh three, five five five, one four nine seven', times: 2 },
      { when: readBack, say: "yes that's right", times: 6 },
      ...pieces('three oh three', 'five five five', 'one four two seven'),
      { when: need, say: 'my roof is leaking', times: 3 },
      { when: size, say: 'how long is the warranty' },
      { when: size, say: 'about fifteen hundred square feet' },
      { when: timeline, say: "that's too expensive" },
      { when: timeline, say: 'as soon as possible' },
      { when: budget, say: 'can i talk to a person' },
      { when: name, say: 'my name is david clark', times: 2 },
      { when: phone, say: 'three oh three, five five five, one four two seven', times: 2 },
      { when: more, say: 'no thank you goodbye', times: 2 },
    ],
  };
}

export const doubtfulFacts = { name: 'David Clark', phone: '+13035551497', objection: 'price' };

/** Types as people type: figures, capitals, an e-mail address. */
export const typingCaller: Persona = {
  voice: 'rms',
  rules: [
    { when: timesOffered, say: 'The first one', times: 2 },
    { when: readBack, say: 'Yes', times: 4 },
    { when: appointmentOffer, say: 'Yes, please', times: 2 },
    { when: name, say: "I'm Jane Doe", times: 2 },
    { when: phone, say: 'jane.doe@example.com', times: 2 },
    { when: size, say: '2,400 sq ft', times: 2 },
    { when: timeline, say: 'Next month', times: 2 },
    { when: budget, say: '$12,000', times: 2 },
    { when: more, say: "No, that's all. Bye!", times: 2 },
    { when: need, say: 'Hail damage from last week', times: 2 },
  ],
};

/** Has booked before, and types that another time would be better. */
export const reschedulingCaller: Persona = {
  voice: 'rms',
  rules: [
    { when: /appointment under/i, say: 'jane.doe@example.com', times: 2 },
    { when: timesOffered, say: 'The second one', times: 2 },
    { when: readBack, say: 'Yes', times: 4 },
    { when: /shall i move/i, say: 'Yes, please', times: 2 },
    { when: more, say: "No, that's all. Bye!", times: 2 },
    { when: need, say: 'I need to move my appointment', times: 2 },
  ],
};

export const typingFacts = { name: 'Jane Doe', email: 'jane.doe@example.com' };

/** Asked in the middle of a call; each has an answer of several seconds. */
export const questions: readonly [string, ...string[]] = [
  'how much does a new roof cost',
  'what are your opening hours',
  'how can i pay',
  'how long is the warranty',
  'are you licensed and insured',
  'how long does an inspection take',
];
