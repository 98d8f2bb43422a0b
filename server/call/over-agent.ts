import { type OverAgent, overAgent } from '../../dialogue/turn/over-agent.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { State } from '../../dialogue/state.ts';
import type { VoiceRemainder } from '../agent/speak/voice.ts';
import type { HeardTurn } from './hearing.ts';

/** Longer than this, somebody is telling the agent something, understood or not. */
const dismissedMs = 1_200;
/** Words that the recogniser is less sure of than this were probably none. */
const surenessFloor = 0.25;
/** Whoever tries again within this time means it. */
const insistsWithinMs = 6_000;

/** Decides whether a sound over the agent's voice was a turn. Forgiving once: a second try is always heard. */
export class OverAgentSpeech {
  readonly #bundle: Bundle;
  #dismissedAtMs = Number.NEGATIVE_INFINITY;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /** @param cut what the agent could not say because of it. */
  isTurn(state: State, turn: HeardTurn, cut: VoiceRemainder): boolean {
    const kind = this.kindOf(state, turn.text, cut, turn.endMs);
    if (kind !== 'unclear') return kind === 'turn';
    const insists = turn.startMs - this.#dismissedAtMs < insistsWithinMs;
    const long = turn.endMs - turn.startMs > dismissedMs && turn.confidence >= surenessFloor;
    if (!insists && !long) this.#dismissedAtMs = turn.endMs;
    return insists || long;
  }

  /** By the words alone, as far as they are known. */
  kindOf(state: State, text: string, cut: VoiceRemainder, nowMs: number): OverAgent {
    // Only the last sentence was left, and it had begun.
    const questionHeard = cut.sentences.length === 1 && cut.sentences[0]?.heard !== '';
    return overAgent(this.#bundle, state, text, { questionHeard, nowMs });
  }
}
