/** Below this level (of 32,767) a sample counts as silence when the ends are trimmed. */
const silenceLevel = 160;
/** Kept around the speech, so that soft consonants survive the trim: 10 ms at 16,000 Hz. */
const marginSamples = 160;

/** Takes the silence off both ends of a stream of Int16 samples. Silence inside comes with the sound that follows it. */
export class SilenceTrimmer {
  #begun = false;
  #silence: Int16Array = new Int16Array(0);

  /** What is certainly not the silence at an end. */
  push(samples: Int16Array): Int16Array {
    const last = samples.findLastIndex((sample) => Math.abs(sample) > silenceLevel);
    if (last < 0) {
      this.#hold(samples);
      return new Int16Array(0);
    }
    const before = this.#silence;
    this.#silence = samples.slice(last + 1);
    const sound = concat(before, samples.subarray(0, last + 1));
    if (this.#begun) return sound;
    this.#begun = true;
    const first = sound.findIndex((sample) => Math.abs(sample) > silenceLevel);
    return sound.slice(Math.max(0, first - marginSamples));
  }

  /** The last few samples after the speech. */
  flush(): Int16Array {
    return this.#begun ? this.#silence.slice(0, marginSamples) : new Int16Array(0);
  }

  #hold(samples: Int16Array): void {
    const silence = concat(this.#silence, samples);
    // Before the first sound only the margin will be needed.
    this.#silence = this.#begun ? silence : silence.slice(-marginSamples);
  }
}

function concat(a: Int16Array, b: Int16Array): Int16Array {
  const whole = new Int16Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
