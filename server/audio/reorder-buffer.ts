import { sequenceDistance } from './rtp.ts';

/** How many packets may overtake a missing one before it counts as lost. At 20 ms each: 60 ms. */
const maxWaiting = 3;
/** A longer gap is a new stream or a pause, not loss: it is not filled. */
const maxLost = 50;

/** `lost` packets in a row are missing before `item`. */
export interface InOrder<T> {
  readonly item: T;
  readonly lost: number;
}

/** Puts packets back in order by their 16-bit sequence number. Adds no delay to packets that come in order. */
export class ReorderBuffer<T> {
  #next: number | undefined;
  readonly #waiting = new Map<number, T>();

  /** Items that are now in order. Late and duplicate packets are dropped. */
  push(sequenceNumber: number, item: T): InOrder<T>[] {
    this.#next ??= sequenceNumber;
    const ahead = sequenceDistance(this.#next, sequenceNumber);
    if (ahead < 0 && ahead > -maxLost) return [];
    if (Math.abs(ahead) >= maxLost) {
      this.#waiting.clear();
      this.#next = sequenceNumber;
    }
    this.#waiting.set(sequenceNumber, item);
    const ready = this.#drain(0);
    if (this.#waiting.size <= maxWaiting) return ready;
    return [...ready, ...this.#skipLost()];
  }

  #drain(lost: number): InOrder<T>[] {
    const ready: InOrder<T>[] = [];
    let lostBefore = lost;
    while (this.#next !== undefined) {
      const item = this.#waiting.get(this.#next);
      if (item === undefined) break;
      this.#waiting.delete(this.#next);
      this.#next = (this.#next + 1) & 0xffff;
      ready.push({ item, lost: lostBefore });
      lostBefore = 0;
    }
    return ready;
  }

  #skipLost(): InOrder<T>[] {
    const next = this.#next ?? 0;
    const lost = Math.min(...[...this.#waiting.keys()].map((sequence) => sequenceDistance(next, sequence)));
    this.#next = (next + lost) & 0xffff;
    return this.#drain(lost);
  }
}
