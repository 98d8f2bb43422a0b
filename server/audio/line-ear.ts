import { BandExtension } from './band-extension.ts';
import { EchoCanceller } from './echo/echo-canceller.ts';

/** What a telephone's narrow band is made into before it is listened to. Int16 mono. */
export interface LineEar {
  /** What we send, 8,000 Hz. */
  said(samples: Int16Array): void;
  /** What comes, 8,000 Hz. @returns the same at 16,000 Hz: in the long run twice as many samples. */
  heard(samples: Int16Array): Int16Array;
}

/** For a recogniser that was made for twice a telephone's band, and must not listen to the agent. */
export class RecognizerEar implements LineEar {
  readonly #canceller: EchoCanceller;
  readonly #band = new BandExtension();

  /** @param seed of the noise that stands in for an echo. */
  constructor(seed: number) {
    this.#canceller = new EchoCanceller(seed);
  }

  said(samples: Int16Array): void {
    this.#canceller.said(samples);
  }

  heard(samples: Int16Array): Int16Array {
    return this.#band.push(this.#canceller.heard(samples));
  }
}
