import type { Trunk } from './trunk.ts';

export interface CallLimitOptions {
  /** Calls that are placed for one business at the same time. */
  readonly perBusiness: number;
  /** And from midnight to midnight, UTC. */
  readonly perBusinessADay: number;
  readonly now: () => number;
}

export type Permit =
  | { readonly granted: true; /** The call is over. */ readonly release: () => void }
  | { readonly granted: false; readonly why: string; readonly retryAfterS: number };

const dayMs = 86_400_000;
/** Calls last for minutes. */
const busyForS = 60;

/** How many calls may be placed: what a stolen key or a fault of ours can cost is bounded here, for every call. */
export class CallLimits {
  readonly #options: CallLimitOptions;
  readonly #trunks = new Map<string, number>();
  readonly #businesses = new Map<string, number>();
  #today = { day: 0, calls: new Map<string, number>() };

  constructor(options: CallLimitOptions) {
    this.#options = options;
  }

  take(trunk: Pick<Trunk, 'name' | 'maxCalls'>, business: string): Permit {
    const { perBusiness, perBusinessADay, now } = this.#options;
    const day = Math.floor(now() / dayMs);
    if (day !== this.#today.day) this.#today = { day, calls: new Map() };
    const { calls } = this.#today;
    const onTrunk = this.#trunks.get(trunk.name) ?? 0;
    const ofBusiness = this.#businesses.get(business) ?? 0;
    const made = calls.get(business) ?? 0;
    if (onTrunk >= (trunk.maxCalls ?? Infinity)) return refuse(`the trunk takes ${onTrunk} calls at a time`, busyForS);
    if (ofBusiness >= perBusiness) return refuse(`the business has its ${ofBusiness} calls under way`, busyForS);
    if (made >= perBusinessADay) {
      const tomorrowS = Math.ceil(((day + 1) * dayMs - now()) / 1_000);
      return refuse(`the business has placed its ${made} calls of today`, tomorrowS);
    }
    calls.set(business, made + 1);
    this.#trunks.set(trunk.name, onTrunk + 1);
    this.#businesses.set(business, ofBusiness + 1);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      lower(this.#trunks, trunk.name);
      lower(this.#businesses, business);
    };
    return { granted: true, release };
  }
}

const refuse = (why: string, retryAfterS: number): Permit => ({ granted: false, why, retryAfterS });

function lower(counts: Map<string, number>, key: string): void {
  const count = (counts.get(key) ?? 0) - 1;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
