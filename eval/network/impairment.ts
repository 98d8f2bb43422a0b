import { seeded } from '../../dialogue/learn/random.ts';

export interface NetworkQuality {
  /** 0 to 1; each packet by itself. */
  readonly lossShare: number;
  readonly delayMs: number;
  /** Each packet is so much sooner or later than `delayMs`, at most: packets overtake one another. */
  readonly jitterMs: number;
}

/** As `tc qdisc add … netem delay 60ms 30ms loss 5%`: 5 % of the packets lost, the others 30 to 90 ms late. */
export const badNetwork: NetworkQuality = { lossShare: 0.05, delayMs: 60, jitterMs: 30 };
export const goodNetwork: NetworkQuality = { lossShare: 0, delayMs: 20, jitterMs: 0 };

/** What a network does to packets: the same to the same ones of each seed. */
export class Impairment {
  readonly #quality: NetworkQuality;
  readonly #random: () => number;

  constructor(quality: NetworkQuality, seed: number) {
    this.#quality = quality;
    this.#random = seeded(seed);
  }

  /** How long the next packet takes, in ms. Undefined: it is lost. */
  next(): number | undefined {
    const { lossShare, delayMs, jitterMs } = this.#quality;
    const [chance, place] = [this.#random(), this.#random()];
    return chance < lossShare ? undefined : delayMs + (2 * place - 1) * jitterMs;
  }
}
