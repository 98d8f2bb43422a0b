/** Speech starts above this probability … */
const onProbability = 0.5;
/** … and lasts until it falls below this one: soft word endings stay inside. */
const offProbability = 0.35;
/** A first voiced window that is followed by this many silent ones was a click or a cough. */
const maxMissedWindows = 2;

export type GateState = 'silence' | 'onset' | 'speech' | 'pause';

export interface GateChange {
  readonly state: GateState;
  /** True: the onset came to nothing; drop what was collected of it. */
  readonly dropped: boolean;
}

/** Turns a probability for each 32 ms window into silence, onset, speech and pause. */
export class SpeechGate {
  #state: GateState = 'silence';
  #voiced = 0;
  #missed = 0;

  get state(): GateState {
    return this.#state;
  }

  /** @param onsetWindows voiced windows that make speech of an onset: more while the agent speaks. */
  window(probability: number, onsetWindows: number): GateChange {
    const before = this.#state;
    switch (before) {
      case 'silence':
        if (probability >= onProbability) {
          this.#voiced = 1;
          this.#missed = 0;
          this.#state = this.#voiced >= onsetWindows ? 'speech' : 'onset';
        }
        break;
      case 'onset':
        if (probability >= offProbability) this.#voiced++;
        else this.#missed++;
        if (this.#voiced >= onsetWindows) this.#state = 'speech';
        else if (this.#missed > maxMissedWindows) this.#state = 'silence';
        break;
      case 'speech':
        if (probability < offProbability) this.#state = 'pause';
        break;
      case 'pause':
        if (probability >= onProbability) this.#state = 'speech';
        break;
      default:
        before satisfies never;
    }
    return { state: this.#state, dropped: before === 'onset' && this.#state === 'silence' };
  }

  /** The turn is over: what comes next is a new one. */
  reset(): void {
    this.#state = 'silence';
  }
}
