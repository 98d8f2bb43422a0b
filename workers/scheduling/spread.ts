import type { Slot } from '../../contract/scheduling.ts';
import { wallClock } from '../../dialogue/calendar/local-time.ts';

const apartMs = 2 * 3_600_000;

interface Candidate {
  readonly slot: Slot;
  readonly date: string;
  readonly half: 'morning' | 'afternoon';
}

/** Among slots on so many more days than there are slots to choose, a good mix can be found. */
export const spareDays = 2;

/**
 * At most `count` of the slots that differ in day and half of the day, so that a caller has a real
 * choice. Begins with `first`, or the earliest; earliest first in the answer.
 */
export function spreadSlots(slots: readonly Slot[], count: number, zone: string, first = slots[0]): Slot[] {
  if (first === undefined || count < 1) return [];
  let left = slots.map((slot): Candidate => {
    const { date, time } = wallClock(slot.startMs, zone);
    return { slot, date, half: time < '12:00' ? 'morning' : 'afternoon' };
  });
  const chosen: Candidate[] = [];
  let next = left.find(({ slot }) => slot.startMs === first.startMs);
  while (next !== undefined && chosen.length < count) {
    const taken = next;
    chosen.push(taken);
    left = left.filter((candidate) => candidate !== taken);
    next = best(left, chosen);
  }
  return chosen.map(({ slot }) => slot).sort((a, b) => a.startMs - b.startMs);
}

/** The candidate least like those chosen; the earliest of equals. */
function best(candidates: readonly Candidate[], chosen: readonly Candidate[]): Candidate | undefined {
  const mornings = chosen.filter(({ half }) => half === 'morning').length;
  const scarce = mornings * 2 > chosen.length ? 'afternoon' : mornings * 2 < chosen.length ? 'morning' : null;
  const dates = new Set(chosen.map(({ date }) => date));
  const score = ({ slot, date, half }: Candidate): number =>
    (dates.has(date) ? 0 : 4) +
    (half === scarce ? 2 : 0) +
    (chosen.every((other) => Math.abs(other.slot.startMs - slot.startMs) >= apartMs) ? 1 : 0);
  let winner: Candidate | undefined;
  let winnerScore = -1;
  for (const candidate of candidates) {
    const points = score(candidate);
    if (points > winnerScore) [winner, winnerScore] = [candidate, points];
  }
  return winner;
}
