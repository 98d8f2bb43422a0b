import { type OverAgent, overAgent } from '../../dialogue/turn/over-agent.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { State } from '../../dialogue/state.ts';
import type { VoiceRemainder } from '../agent/speak/voice.ts';
import type { HeardTurn, Interjection } from './hearing.ts';

/** Longer than this, somebody is telling the agent something, understood or not. */
const dismissedMs = 1_200;
/** So does this, in the caller's own voice: backchannels and coughs are shorter (the longest measured: 640 ms). */
const ownStretchMs = 720;
/** Words that the recogniser is less sure of than this were probably none. */
const surenessFloor = 0.25;
/** Short calls are told apart well above this confidence; what is none stays below. */
const interjectionFloor = 0.23;
/** A call to be quiet counts when it is less sure: no backchannel or noise was taken for one. */
const urgentFloor = 0.05;
/** And a backchannel that it believes more than the other recogniser believes its own words. */
const ratherFloor = 0.1;
const urgent = /^(?:stop|wait|hold on|hang on|excuse me)\b/;
/** A sentence that is believed this much was said to somebody, short as it may be. */
const sureFrom = 0.4;
/** Whoever tries again within this time means it. */
const insistsWithinMs = 6_000;

/** Of the recogniser's confidences: most words below this one are wrong. */
const doubtBelow = 0.1;
/** A single word does not take longer. */
const longestWordMs = 1_000;

/** Words over the agent's voice, and what a recogniser of short calls makes of them. */
export interface OverAgentWords {
  readonly text: string;
  readonly interjection?: Interjection;
  /** Not known while the caller is still speaking. */
  readonly confidence?: number;
  readonly lengthMs?: number;
}

/** Doubtful words mean nothing, except that they may be a backchannel: these are short and so hardly believed. */
function doubted(kind: OverAgent, { text, confidence = 1, lengthMs = 0 }: OverAgentWords): OverAgent {
  if (!text.includes(' ') && lengthMs > longestWordMs) return 'unclear';
  return confidence < doubtBelow && kind === 'turn' ? 'unclear' : kind;
}

/** Decides whether a sound over the agent's voice was a turn. Forgiving once: a second try is always heard. */
export class OverAgentSpeech {
  readonly #bundle: Bundle;
  #dismissedAtMs = Number.NEGATIVE_INFINITY;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /**
   * @param cut what the agent could not say because of it.
   * @returns the turn, in the words that say most; undefined when it was none.
   */
  turnIn(state: State, turn: HeardTurn, cut: VoiceRemainder): HeardTurn | undefined {
    const lengthMs = turn.endMs - turn.startMs;
    const { kind, text } = this.read(state, { ...turn, lengthMs }, cut, turn.endMs);
    // Whoever is much softer than the caller may be somebody else: forgiven once, whatever the words.
    if (kind === 'turn' && turn.plainlyOwn !== false) return { ...turn, text };
    if (kind === 'backchannel' || !turn.text) return undefined;
    const insists = turn.startMs - this.#dismissedAtMs < insistsWithinMs;
    const words = turn.text.split(' ').length;
    const long = turn.plainlyOwn !== false && lengthMs > dismissedMs && turn.confidence >= surenessFloor && words >= 3;
    const sure = turn.plainlyOwn !== false && words >= 4 && turn.confidence >= sureFrom;
    const own = turn.plainlyOwn === true && lengthMs >= ownStretchMs;
    if (insists || long || sure || own) return turn;
    this.#dismissedAtMs = turn.endMs;
    return undefined;
  }

  /** By the words alone, as far as they are known. */
  read(state: State, words: OverAgentWords, cut: VoiceRemainder, nowMs: number): { kind: OverAgent; text: string } {
    // Only the last sentence was left, and it had begun.
    const questionHeard = cut.sentences.length === 1 && cut.sentences[0]?.heard !== '';
    const kindOf = (text: string) => overAgent(this.#bundle, state, text, { questionHeard, nowMs });
    const { text, interjection } = words;
    const kind = doubted(kindOf(text), words);
    if (!interjection?.text) return { kind, text };
    const short = kindOf(interjection.text);
    const { confidence = 1 } = interjection;
    const urgently = urgent.test(interjection.text) && kind === 'unclear';
    const rather = short === 'backchannel' && confidence > (words.confidence ?? 1);
    const floor = urgently ? urgentFloor : rather ? ratherFloor : interjectionFloor;
    if (confidence < floor) return { kind, text };
    if (short === 'unclear' || (short === 'turn' && kind === 'turn')) return { kind, text };
    return { kind: short, text: interjection.text };
  }
}
