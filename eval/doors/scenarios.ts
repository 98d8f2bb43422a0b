import { setTimeout as pause } from 'node:timers/promises';
import type { CallSummary } from '../../contract/call-record.ts';
import { talk } from '../caller/conversation.ts';
import { Answers, type Persona } from '../caller/persona.ts';
import { bookingCaller } from '../caller/personas.ts';
import type { DoorCall } from './door.ts';

export interface Scenario {
  readonly id: string;
  /** What the telephone shows of its caller. */
  readonly number: string;
  readonly persona: Persona;
  /** Where the conversation must come by, in this order: rules of the decisions about what the caller said. Detours are free. */
  readonly steps: readonly (string | RegExp)[];
  readonly outcome: CallSummary['outcome'];
  readonly endReason: CallSummary['endReason'];
  /** Default: the caller talks until nothing is left to say. */
  readonly course?: (call: DoorCall, persona: Persona) => Promise<void>;
}

const need = /help with your roof|a repair, or/i;
const size = /how (?:big|large)|square feet/i;
const timeline = /when would you like|urgent/i;
const budget = /budget|like to spend/i;
const name = /your (?:full )?name|first and last name|spell/i;
const more = /anything else/i;
const yes = { when: /best one to reach you|is that right|shall i (?:move|book)/i, say: "yes that's right", times: 8 };
const asked = { when: /(?:phone|best) number|reach you/i, times: 3 };
/** Telephones that call at the same time have numbers of their own: by these their calls are told apart. */
const home = { shown: '+13035550142', told: { ...asked, say: 'three oh three, five five five, oh one four two' } };
const office = { shown: '+17205550163', told: { ...asked, say: 'seven two oh, five five five, oh one six three' } };

/** "No thank you, goodbye": by telephone one half of it may be all that is heard. */
const goodbye = /^(?:caller-says-goodbye|nothing-else)$/;

/** Long enough for words to have been heard, shorter than the sentence. */
const midSentenceMs = 700;

const book: Scenario = {
  id: 'qualifies and books',
  number: home.shown,
  persona: bookingCaller('rms'),
  steps: [
    'answer-need',
    'answer-size',
    'answer-timeline',
    'answer-budget',
    'answer-name',
    'phone-confirmed',
    'appointment-wanted',
    'slot-chosen',
    'slot-confirmed',
    goodbye,
  ],
  outcome: 'appointment-booked',
  endReason: 'agent-goodbye',
};

const reschedule: Scenario = {
  id: 'reschedules',
  number: home.shown,
  steps: ['caller-wants-to-move', 'slot-chosen', 'slot-confirmed', goodbye],
  outcome: 'appointment-moved',
  endReason: 'agent-goodbye',
  persona: {
    voice: 'rms',
    rules: [
      { when: /which one|suits? you/i, say: 'the second one please', times: 2 },
      yes,
      home.told,
      { when: more, say: 'no thank you goodbye', times: 4 },
      { when: need, say: 'i need to move my appointment', times: 3 },
    ],
  },
};

const objects: Scenario = {
  id: 'asks, objects, and wants a person',
  number: office.shown,
  steps: ['answer-need', 'fact-warranty', 'answer-size', 'objection-price', 'answer-timeline', 'answer-name'],
  outcome: 'call-back-promised',
  endReason: 'agent-goodbye',
  persona: {
    voice: 'rms',
    rules: [
      yes,
      { when: need, say: 'my roof is leaking', times: 3 },
      { when: size, say: 'how long is the warranty', times: 3, until: /year warranty/ },
      { when: size, say: 'about fifteen hundred square feet', times: 3 },
      { when: timeline, say: "that's too expensive", times: 3, until: /a big expense/ },
      { when: timeline, say: 'as soon as possible', times: 3 },
      { when: budget, say: 'can i talk to a person', times: 3 },
      { when: name, say: 'my name is susan miller', times: 3 },
      office.told,
      { when: more, say: 'no thank you goodbye', times: 4 },
    ],
  },
};

const declines: Scenario = {
  id: 'asks a question, then declines',
  number: office.shown,
  steps: ['fact-price-new-roof', 'caller-not-interested'],
  outcome: 'not-interested',
  endReason: 'agent-goodbye',
  persona: {
    voice: 'rms',
    rules: [
      { when: /./, say: 'how much does a new roof cost', times: 3, until: /\$/ },
      { when: more, say: 'no thank you goodbye', times: 4 },
      { when: /./, say: 'not interested thank you', times: 4, until: /leave it at that/ },
    ],
  },
};

const hangsUp: Scenario = {
  id: 'hangs up in the middle of a sentence',
  number: office.shown,
  steps: ['answer-need'],
  outcome: 'incomplete',
  endReason: 'caller-hang-up',
  persona: {
    voice: 'rms',
    rules: [
      { when: size, say: 'about two thousand square feet' },
      { when: /./, say: 'i need a new roof', times: 4 },
    ],
  },
  course: async (call, persona) => {
    const answers = new Answers(persona);
    for (let heard = await call.nextTurn(); heard !== null; heard = await call.nextTurn()) {
      const answer = answers.to(heard.text);
      if (answer === undefined) break;
      if (size.test(heard.text)) {
        await call.beginToSay(answer, persona.voice);
        await pause(midSentenceMs);
        break;
      }
      await call.answer(answer, persona.voice);
    }
    await call.hangUp();
  },
};

export const scenarios: readonly Scenario[] = [book, reschedule, objects, declines, hangsUp];

export async function play(scenario: Scenario, call: DoorCall): Promise<void> {
  if (scenario.course) await scenario.course(call, scenario.persona);
  else {
    await talk(call, scenario.persona);
    // A caller who has nothing left to say goes. Where the agent has hung up already, there is nobody to tell.
    await call.hangUp().catch(() => undefined);
  }
}
