import type { Take } from './data.ts';

const samplesPerMs = 8;
/** Hiss of a quiet room, RMS in Int16 steps; digital silence would be easier than any line. */
const hiss = 5;
/** Between digits of a group, and between groups: 3-3-4. */
const gapMs = { from: 20, to: 80 };
const pauseMs = { from: 250, to: 600 };
const groupEnds: ReadonlySet<number> = new Set([3, 6]);
const beforeMs = 100;
const afterMs = 250;

export type Pacing = 'grouped' | 'without pauses';

/** A speaker's recordings, joined to numbers. The same seed says the same. */
export class Mouth {
  readonly #takes: ReadonlyMap<string, readonly Take[]>;
  readonly #random: () => number;

  constructor(takes: ReadonlyMap<string, readonly Take[]>, random: () => number) {
    this.#takes = takes;
    this.#random = random;
  }

  /** @returns Int16 mono at 8,000 Hz, with a little silence before and after. */
  say(digits: string, pacing: Pacing): Int16Array {
    const parts: Int16Array[] = [];
    for (const [index, digit] of [...digits].entries()) {
      const takes = this.#takes.get(digit) ?? [];
      const take = takes[Math.floor(this.#random() * takes.length)];
      if (take === undefined) throw new Error(`This speaker has not said "${digit}".`);
      if (index > 0 && pacing === 'grouped')
        parts.push(this.#silence(digits.length === 10 && groupEnds.has(index) ? pauseMs : gapMs));
      parts.push(take.samples);
    }
    return withRoom(parts, this.#random);
  }

  #silence({ from, to }: { from: number; to: number }): Int16Array {
    return new Int16Array(Math.round((from + this.#random() * (to - from)) * samplesPerMs));
  }
}

/** Sounds in a row in a room that is not quite silent. */
export function withRoom(parts: readonly Int16Array[], random: () => number): Int16Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const sound = new Int16Array(length + (beforeMs + afterMs) * samplesPerMs);
  let at = beforeMs * samplesPerMs;
  for (const part of parts) {
    sound.set(part, at);
    at += part.length;
  }
  return sound.map((sample) => {
    const noise = hiss * 1.7 * (random() + random() + random() + random() - 2);
    return Math.max(-32_768, Math.min(32_767, Math.round(sample + noise)));
  });
}
