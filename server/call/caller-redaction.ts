import { nothingRedacted, redact, type RedactionState } from '../../dialogue/redact/redact.ts';
import type { CallRecording } from '../record/call-recording.ts';
import type { HeardTurn } from './hearing.ts';
import type { Recorder } from './recorder.ts';

/** Takes out of a caller's words, and of their sound, what must not be kept: before anybody else sees it. */
export class CallerRedaction {
  readonly #recorder: Recorder;
  readonly #recording: Pick<CallRecording, 'mute'> | undefined;
  #state: RedactionState = nothingRedacted;

  constructor(recorder: Recorder, recording: Pick<CallRecording, 'mute'> | undefined) {
    this.#recorder = recorder;
    this.#recording = recording;
  }

  /** A turn that was spoken. Where anything is found in it, or in what else it may have been, all of its sound is muted. */
  heard(turn: HeardTurn): HeardTurn {
    const before = this.#state;
    const others = turn.alternatives.map(({ text, confidence }) => ({ ...redact(before, text), confidence }));
    const { state, text, found } = redact(before, turn.text);
    this.#state = state;
    const kinds = new Set([...found, ...others.flatMap((other) => other.found)]);
    if (kinds.size > 0) {
      const { startMs, endMs } = turn;
      this.#recording?.mute(startMs, endMs);
      this.#recorder.add({ type: 'redacted', kinds: [...kinds], startMs, endMs });
    }
    const alternatives = others.map((other) => ({ text: other.text, confidence: other.confidence }));
    return { ...turn, text, alternatives };
  }

  typed(typed: string, atMs: number): string {
    const { state, text, found } = redact(this.#state, typed);
    this.#state = state;
    if (found.length > 0)
      this.#recorder.add({ type: 'redacted', kinds: [...new Set(found)], startMs: atMs, endMs: atMs });
    return text;
  }

  /** Words that may still change. */
  soFar(text: string): string {
    return redact(this.#state, text).text;
  }
}
