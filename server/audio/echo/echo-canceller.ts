import { ComfortNoise } from '../comfort-noise.ts';
import { EchoPath, energyOf, type FittedPath } from './echo-path.ts';
import { findEcho, searchedSamples } from './echo-search.ts';
import { NoiseFloor } from './noise-floor.ts';
import { SoundHistory } from './sound-history.ts';

/** Below this (of 32,768; -66 dBFS) nobody hears it as speech. */
const audibleLevel = 16;
/** What we say is worth an echo above this. */
const sayingLevel = 60;
/** A new sound is judged from 60 ms of it on; after 100 ms it is the caller's own. */
const firstJudgedSamples = 480;
const lastJudgedSamples = 800;
/** To look: only as much of the search's range as can still hold an echo of what is looked for. */
const echoedForSamples = searchedSamples - lastJudgedSamples;
/** Less alike than this, two sounds are strangers: not worth fitting. */
const leastLikeness = 0.2;
/** An echo leaves less of itself than this (10 dB); another voice three times as much, in the worst of 240 cases. */
const mostUnexplained = 0.1;
/** Of what is heard, what may be the line's noise besides. */
const mostNoise = 0.1;
/** With a path that is known, an echo may leave so much more than it usually does. */
const toleratedLeak = 4;
const leastLeak = 0.01;
const mostLeak = 0.25;
/** While the caller speaks over us, the path is looked for anew after 1, 2, 4, 8 … frames. */
const longestWaitFrames = 160;

/**
 * Takes the echo of our own voice out of what we hear, as a telephone's 2-wire hybrid or a loudspeaker throws it back:
 * the agent must not interrupt itself. Int16 mono, 8,000 Hz; one a call.
 *
 * Nothing is done while we are silent, or the line is. A sound that begins over our voice is held back for at most
 * 100 ms while it is compared with what we said in the second before: an echo is found in it, delay and all; a caller is not, and
 * what was held back follows in one piece, so that nothing of it is lost or heard later.
 */
export class EchoCanceller {
  readonly #ours = new SoundHistory(16_384);
  readonly #theirs = new SoundHistory(2_048);
  readonly #floor = new NoiseFloor();
  readonly #noise: ComfortNoise;
  #path: EchoPath | undefined;
  #leak = mostLeak;
  #lastSaid = Number.NEGATIVE_INFINITY;
  /** What began, while it is not known whose it is. */
  #held: { readonly from: number; samples: number } | undefined;
  /** The caller's own, until it pauses. */
  #foreign = false;
  #quietSamples = 0;
  #strangeFrames = 0;
  #waitFrames = 1;

  constructor(seed: number) {
    this.#noise = new ComfortNoise(seed);
  }

  /** What we send. */
  said(samples: Int16Array): void {
    this.#ours.push(samples);
    if (isLouder(samples, sayingLevel)) this.#lastSaid = this.#ours.end;
  }

  /** @returns what is left of it: as many samples in the long run, none while it is judged. */
  heard(samples: Int16Array): Int16Array {
    const from = this.#theirs.end;
    this.#theirs.push(samples);
    const energy = energyOf(Float64Array.from(samples)) / Math.max(1, samples.length);
    const sounds = this.#floor.isAbove(energy) && energy > audibleLevel ** 2;
    if (this.#ours.end - this.#lastSaid > echoedForSamples) {
      this.#foreign = false;
      return this.#release(samples);
    }
    if (this.#path) return this.#explained(this.#path, from, samples, sounds);
    return this.#judged(from, samples, sounds);
  }

  #judged(from: number, samples: Int16Array, sounds: boolean): Int16Array {
    this.#quietSamples = sounds ? 0 : this.#quietSamples + samples.length;
    // A syllable's end is no pause.
    if (this.#quietSamples > lastJudgedSamples) this.#foreign = false;
    if (this.#foreign) return this.#searchAgain() ? this.#silence(samples.length) : samples;
    if (!sounds && !this.#held) return samples;
    this.#held ??= { from, samples: 0 };
    this.#held.samples += samples.length;
    const { samples: count } = this.#held;
    if (count < firstJudgedSamples) return new Int16Array(0);
    if (this.#search(Math.min(count, lastJudgedSamples))) {
      this.#held = undefined;
      return this.#silence(count);
    }
    if (count < lastJudgedSamples) return new Int16Array(0);
    this.#foreign = true;
    this.#waitFrames = 1;
    this.#strangeFrames = 0;
    return this.#release();
  }

  #explained(path: EchoPath, from: number, samples: Int16Array, sounds: boolean): Int16Array {
    if (!sounds) return samples;
    const target = Float64Array.from(samples);
    const { residual, echoEnergy } = path.explain(this.#ours, from, target);
    const [heard, left] = [energyOf(target), energyOf(residual)];
    if (left < toleratedLeak * this.#leak * echoEnergy + this.#noiseIn(samples.length) && left < heard) {
      path.learn(this.#ours, from, target);
      const leak = Math.max(leastLeak, Math.min(mostLeak, left / Math.max(1, echoEnergy)));
      this.#leak += (leak - this.#leak) / (leak < this.#leak ? 4 : 16);
      this.#strangeFrames = 0;
      this.#waitFrames = 1;
      return this.#silence(samples.length);
    }
    if (this.#searchAgain()) return this.#silence(samples.length);
    return left < heard ? Int16Array.from(residual, clamped) : samples;
  }

  /** Echo may begin under a caller's voice, and its path may change: by a lost packet, by another telephone. */
  #searchAgain(): boolean {
    this.#strangeFrames += 1;
    if (this.#strangeFrames < this.#waitFrames) return false;
    this.#strangeFrames = 0;
    this.#waitFrames = Math.min(longestWaitFrames, 2 * this.#waitFrames);
    const refitted = this.#path?.refit(this.#ours, this.#theirs, lastJudgedSamples);
    return refitted && this.#explains(refitted) ? this.#take(refitted) : this.#search(lastJudgedSamples);
  }

  #search(count: number): boolean {
    const theirs = this.#theirs.copy(this.#theirs.end - count, count);
    const ours = this.#ours.copy(this.#ours.end - searchedSamples, searchedSamples);
    const { delaySamples, likeness } = findEcho(ours, theirs);
    if (likeness < leastLikeness) return false;
    const fitted = EchoPath.fit(this.#ours, this.#theirs, count, delaySamples);
    return this.#explains(fitted) && this.#take(fitted);
  }

  #explains({ heard, left, count }: FittedPath): boolean {
    return left < mostUnexplained * heard + Math.min(this.#noiseIn(count), mostNoise * heard);
  }

  #take({ path }: FittedPath): true {
    this.#path = path;
    this.#leak = mostUnexplained;
    this.#strangeFrames = 0;
    this.#waitFrames = 1;
    return true;
  }

  /** The floor is the least; usual noise has about twice its energy. */
  #noiseIn(count: number): number {
    return 2 * count * this.#floor.level ** 2;
  }

  /** What was held back, and what comes now. */
  #release(samples?: Int16Array): Int16Array {
    const held = this.#held;
    if (!held) return samples ?? new Int16Array(0);
    this.#held = undefined;
    return Int16Array.from(this.#theirs.copy(held.from, this.#theirs.end - held.from));
  }

  #silence(count: number): Int16Array {
    return this.#noise.make(count, Math.min(audibleLevel, this.#floor.level));
  }
}

function isLouder(samples: Int16Array, level: number): boolean {
  let energy = 0;
  for (let index = 0; index < samples.length; index += 2) energy += (samples[index] ?? 0) ** 2;
  return 2 * energy > level ** 2 * samples.length;
}

const clamped = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));
