import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { State } from '../../dialogue/state.ts';
import { Conversation } from '../../dialogue/testing/conversation.ts';
import type { ExpectedReply, Transcript } from '../../server/agent/listen/recognizer.ts';
import { expectedReply } from '../../server/call/guided-recognizer.ts';
import { withRoom, type Mouth } from './mouth.ts';
import type { SpokenWords } from './spoken-words.ts';

export interface NumberCall {
  readonly bundle: Bundle;
  /** Ten digits that the caller wants to be called on. */
  readonly number: string;
  /** What the carrier shows: this number, another one, or nothing. */
  readonly callerNumber?: string;
  readonly keypad: boolean;
  readonly mouth: Mouth;
  readonly words: SpokenWords;
  readonly random: () => number;
  readonly ear: { hear(samples: Int16Array, reply: ExpectedReply): Promise<Transcript> };
}

/** How the agent came by the number, or what became of it. */
export type Means = 'caller id' | 'keypad' | 'said, no correction' | 'said, after corrections' | 'wrong' | 'not taken';

export interface NumberTaken {
  readonly means: Means;
  readonly callerTurns: number;
}

/** A caller who says more than this has hung up long since. */
const maxTurns = 80;

/** One call up to the confirmed number: a truthful caller, the real playbook, real recognition. */
export async function takeNumber(call: NumberCall): Promise<NumberTaken> {
  const agent = new Agent(call);
  let typed = false;
  let corrected = false;
  let callerTurns = 0;
  while (agent.wantsNumber && callerTurns < maxTurns) {
    const reply = await replyTo(agent, call);
    callerTurns += 1;
    typed ||= reply.typed !== undefined;
    corrected ||= reply.corrects;
    if (reply.typed !== undefined) agent.hears(reply.typed);
    else agent.hears((await call.ear.hear(withRoom(reply.sound, call.random), agent.expects)).text);
    corrected ||= agent.askedAgain;
  }
  return { means: meansOf(agent.state, call, typed, corrected), callerTurns };
}

function meansOf({ lead, phoneConfirmed }: State, call: NumberCall, typed: boolean, corrected: boolean): Means {
  if (lead.phone === undefined || !phoneConfirmed) return 'not taken';
  if (lead.phone !== `+1${call.number}`) return 'wrong';
  if (lead.phone === call.callerNumber) return 'caller id';
  if (typed) return 'keypad';
  return corrected ? 'said, after corrections' : 'said, no correction';
}

/** The agent as its caller meets it. */
class Agent {
  readonly #call: Conversation;

  constructor({ bundle, callerNumber, keypad }: NumberCall) {
    this.#call = new Conversation(
      bundle,
      {},
      { narrowband: true, keypad, ...(callerNumber === undefined ? {} : { callerNumber }) },
    );
    // Words are not what is measured here: straight to the number.
    this.hears('can someone call me back');
  }

  hears(text: string): void {
    this.#call.says(text);
  }

  get state(): State {
    return this.#call.state;
  }

  get wantsNumber(): boolean {
    const { focus, phoneConfirmed } = this.state;
    const kinds = ['number-piece', 'confirm-piece', 'confirm-phone'];
    return !phoneConfirmed && kinds.includes(focus.kind);
  }

  get expects(): ExpectedReply {
    return expectedReply(this.state);
  }

  get offersKeypad(): boolean {
    return this.#call.said.includes(this.#call.bundle.wording['keypad-instead']?.[0]?.text ?? '\n');
  }

  /** What was heard could not be it, and the agent has said so. */
  get askedAgain(): boolean {
    const { focus } = this.state;
    return focus.kind === 'number-piece' && focus.failures > 0;
  }
}

interface Reply {
  readonly sound: readonly Int16Array[];
  readonly typed?: string;
  readonly corrects: boolean;
}

async function replyTo(agent: Agent, { number, mouth, words, random }: NumberCall): Promise<Reply> {
  const { focus, expecting } = agent.state;
  if (agent.offersKeypad) return { sound: [], typed: number, corrects: false };
  switch (focus.kind) {
    case 'number-piece': {
      const { length } = focus.confirmed;
      const piece = number.slice(length, length + (expecting.digits ?? number.length));
      return { sound: [mouth.say(piece, 'grouped')], corrects: false };
    }
    case 'confirm-piece': {
      const { length } = focus.confirmed;
      const piece = number.slice(length, length + focus.piece.length);
      if (focus.piece === piece) return { sound: [await words('Yes.')], corrects: false };
      const no = await words('No.');
      // Half of the callers say at once what it should be.
      return { sound: random() < 0.5 ? [no] : [no, new Int16Array(800), mouth.say(piece, 'grouped')], corrects: true };
    }
    case 'confirm-phone': {
      const right = focus.phone === `+1${number}`;
      return { sound: [await words(right ? 'Yes.' : 'No.')], corrects: false };
    }
    default:
      throw new Error(`The caller has no reply to "${focus.kind}"`);
  }
}
