import { seeded } from '../../dialogue/learn/random.ts';

/** Draws that are the same each time for the same scenario and seed. */
export interface Chance {
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  pick<T>(items: readonly T[]): T | undefined;
}

export function chanceOf(scenario: string, seed: number): Chance {
  let mixed = seed * 2_654_435_761;
  for (const letter of scenario) mixed = Math.imul(mixed ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  const random = seeded(mixed);
  return {
    happens: (probability) => random() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!,
  };
}
