import { frameSamples, silentFrame } from './frame.ts';

/** Two clocks meet here: so much is kept to be even. */
const startFrames = 2;
/** More would be heard as delay: the oldest is dropped. */
const maxFrames = 8;

/** Sound on its way from one line to another: comes in pieces of any length, goes in frames at an even pace. */
export class FrameQueue {
  #samples = new Int16Array((maxFrames + 2) * frameSamples);
  #length = 0;
  #flowing = false;

  /** @param samples Int16 mono at 16,000 Hz. */
  push(samples: Int16Array): void {
    const room = maxFrames * frameSamples;
    const kept = samples.subarray(Math.max(0, samples.length - room));
    const excess = this.#length + kept.length - room;
    if (excess > 0) this.#drop(excess);
    this.#samples.set(kept, this.#length);
    this.#length += kept.length;
  }

  /** 20 ms. Silence while too little has come. */
  take(): Int16Array {
    this.#flowing = this.#length >= (this.#flowing ? 1 : startFrames) * frameSamples;
    if (!this.#flowing) return silentFrame;
    const frame = this.#samples.slice(0, frameSamples);
    this.#drop(frameSamples);
    return frame;
  }

  #drop(count: number): void {
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
