import type { SpokenAct } from '../../contract/act.ts';
import type { VoiceRemainder, VoiceSentence } from '../agent/speak/voice.ts';
import type { TellPage } from './page.ts';
import type { Recorder } from './recorder.ts';

interface ActOnAir {
  readonly act: string;
  readonly turn: number;
  readonly text: string;
  readonly sentences: readonly VoiceSentence[];
  readonly heard: string[];
  left: number;
  startMs: number | undefined;
}

/** Follows each spoken act from its first sentence to its last: captions for the page, `agent-turn` for the record. */
export class AgentTurns {
  readonly #recorder: Recorder;
  readonly #tellPage: TellPage;
  readonly #now: () => number;
  readonly #wasHeard: ((text: string) => void) | undefined;
  readonly #onAir = new Map<string, ActOnAir>();
  #sentenceCount = 0;
  #callerCount = 0;
  #heard: string[] = [];

  /** @param wasHeard what the caller heard of an act, when it is over. */
  constructor(recorder: Recorder, tellPage: TellPage, now: () => number, wasHeard?: (text: string) => void) {
    this.#recorder = recorder;
    this.#tellPage = tellPage;
    this.#now = now;
    this.#wasHeard = wasHeard;
  }

  begin(act: SpokenAct, turn: number): VoiceSentence[] {
    const sentences = act.sentences.map(({ text, spoken }) => {
      this.#sentenceCount += 1;
      return { id: `agent-${this.#sentenceCount}`, text, spoken: spoken ?? text };
    });
    const text = sentences.map((sentence) => sentence.text).join(' ');
    const onAir = { act: act.type, turn, text, sentences, heard: [], left: sentences.length, startMs: undefined };
    for (const sentence of sentences) this.#onAir.set(sentence.id, onAir);
    return sentences;
  }

  sentenceStart(id: string, atMs: number): void {
    const act = this.#onAir.get(id);
    if (!act) return;
    act.startMs ??= atMs;
    this.#caption(id, textOf(act, id), false);
  }

  sentenceEnd(id: string): void {
    this.#settle(id, undefined);
  }

  sentenceFailed(id: string): void {
    this.#settle(id, '');
  }

  /** Everything that was still to be said counts as cut off, with what was heard of it. */
  interrupt({ sentences }: VoiceRemainder): void {
    for (const { sentence, heard } of sentences) this.#settle(sentence.id, heard);
  }

  /** What the caller has heard since this was last asked. */
  takeHeard(): string {
    const text = this.#heard.join(' ');
    this.#heard = [];
    return text;
  }

  callerCaption(text: string, final: boolean): void {
    this.#tellPage({
      type: 'caption',
      id: `caller-${this.#callerCount}`,
      who: 'caller',
      text,
      final,
      atMs: this.#now(),
    });
    if (final) this.#callerCount += 1;
  }

  dropCallerCaption(): void {
    this.#tellPage({
      type: 'caption',
      id: `caller-${this.#callerCount}`,
      who: 'caller',
      text: '',
      final: true,
      atMs: this.#now(),
    });
    this.#callerCount += 1;
  }

  #settle(id: string, heardPart: string | undefined): void {
    const act = this.#onAir.get(id);
    if (!act) return;
    this.#onAir.delete(id);
    const heard = heardPart ?? textOf(act, id);
    if (heard) {
      act.heard.push(heard);
      this.#heard.push(heard);
    }
    if (heard || act.startMs !== undefined) this.#caption(id, heard, true);
    act.left -= 1;
    if (act.left === 0) this.#record(act);
  }

  #record(act: ActOnAir): void {
    const nowMs = this.#now();
    const heardText = act.heard.join(' ');
    this.#recorder.add({
      type: 'agent-turn',
      turn: act.turn,
      act: act.act,
      text: act.text,
      heardText,
      interrupted: heardText !== act.text,
      startMs: act.startMs ?? nowMs,
      endMs: nowMs,
    });
    this.#wasHeard?.(heardText);
  }

  #caption(id: string, text: string, final: boolean): void {
    this.#tellPage({ type: 'caption', id, who: 'agent', text, final, atMs: this.#now() });
  }
}

const textOf = (act: ActOnAir, id: string): string => act.sentences.find((sentence) => sentence.id === id)?.text ?? '';
