/** A mark goes out after so many packets of 20 ms. */
const packetsPerMark = 10;

/**
 * How far the carrier has come with playing what it was sent: it returns each mark when the audio before it has been
 * played. So the way to the caller's ear is measured, with whatever the carrier has buffered.
 */
export class Playout {
  readonly #now: () => number;
  /** When each mark that is still out was sent, oldest first. */
  readonly #out = new Map<string, number>();
  #packets = 0;
  #marks = 0;
  #latestMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** From a packet's sending to the ear, ms; undefined before the first mark is back. */
  get delayMs(): number | undefined {
    if (this.#latestMs === undefined) return undefined;
    const [oldestMs] = this.#out.values();
    // A mark that is overdue says that it takes longer by now.
    return oldestMs === undefined ? this.#latestMs : Math.max(this.#latestMs, this.#now() - oldestMs);
  }

  /** A packet was sent. Returns the name of a mark that is to follow it, if one is due. */
  sent(): string | undefined {
    this.#packets += 1;
    if (this.#packets % packetsPerMark !== 0) return undefined;
    this.#marks += 1;
    const name = `played-${this.#marks}`;
    this.#out.set(name, this.#now());
    return name;
  }

  /** A mark that was cleared comes back too, and says nothing. */
  returned(name: string): void {
    const sentMs = this.#out.get(name);
    if (sentMs === undefined) return;
    this.#latestMs = this.#now() - sentMs;
    // Those before it have been played as well.
    for (const earlier of this.#out.keys()) {
      this.#out.delete(earlier);
      if (earlier === name) return;
    }
  }

  clear(): void {
    this.#out.clear();
  }
}
