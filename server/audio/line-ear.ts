import { BandExtension } from './band-extension.ts';

/** What a telephone's narrow band is made into before it is listened to. Int16 mono. */
export interface LineEar {
  /** What we send, 8,000 Hz. */
  said(samples: Int16Array): void;
  /** What comes, 8,000 Hz. @returns twice as many samples, at 16,000 Hz. */
  heard(samples: Int16Array): Int16Array;
}

/** For a recogniser that was made for twice a telephone's band. */
export class RecognizerEar implements LineEar {
  readonly #band = new BandExtension();

  said(): void {}

  heard(samples: Int16Array): Int16Array {
    return this.#band.push(samples);
  }
}
