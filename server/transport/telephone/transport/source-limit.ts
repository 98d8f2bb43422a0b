/** Messages a second that one unknown address may send, and how many at once. */
const perSecond = 20;
const burst = 60;
/** An attacker with more addresses pushes out the oldest, and is limited by the trunk's credentials. */
const maxSources = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** How much each address may send before its messages are dropped unread. */
export class SourceLimit {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number) {
    this.#now = now;
  }

  admits(address: string): boolean {
    const nowMs = this.#now();
    const bucket = this.#buckets.get(address) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = nowMs;
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    if (this.#buckets.size > maxSources) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
