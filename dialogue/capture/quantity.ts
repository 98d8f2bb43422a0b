import type { Unit } from '../playbook/bundle.ts';
import { indexOfPhrase } from '../understand/words.ts';
import { numbersIn } from './number-words.ts';
import type { Amount } from './money.ts';

const notSizes = new Set(['am', 'pm', 'p', "o'clock", 'days', 'weeks', 'months', 'years', 'dollars', 'bucks']);

/** A measured size: "about two thousand square feet", "30 squares", or a bare number when it was asked for. */
export function quantityIn(said: readonly string[], unit: Unit, asked: boolean): Amount | null {
  const words = withDozens(said);
  const kinds = [{ words: unit.words, times: 1 }, ...unit.also];
  for (const number of numbersIn(words)) {
    let times: number | null = null;
    for (const kind of kinds) {
      if (kind.words.some((said) => indexOfPhrase(words.slice(number.end, number.end + 4), said.split(' ')) === 0))
        times = kind.times;
    }
    const withUnit = times !== null;
    if (times === null) {
      if (!asked || notSizes.has(words[number.end] ?? '')) continue;
      // A bare number below the least size can only be in the bigger unit.
      times =
        number.value >= unit.min ? 1 : (unit.also.find((other) => number.value * other.times >= unit.min)?.times ?? 1);
    }
    const value = Math.round(number.value * times);
    if (value < unit.min || value > unit.max) continue;
    const about = words
      .slice(Math.max(0, number.start - 2), number.start)
      .some((word) => ['about', 'around', 'roughly', 'maybe', 'approximately'].includes(word));
    const shown = String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
    return { value, display: `${about ? 'about ' : ''}${shown} ${unit.name}`, confidence: withUnit ? 0.95 : 0.75 };
  }
  return null;
}

/** "around a dozen users", "two dozen", "half a dozen" → 12, 24, 6. */
function withDozens(said: readonly string[]): readonly string[] {
  const at = said.findIndex((word) => word === 'dozen' || word === 'dozens');
  if (at < 0) return said;
  const half = said[at - 2] === 'half' && said[at - 1] === 'a';
  const number = numbersIn(said).find(({ end }) => end === at);
  const start = half ? at - 2 : number === undefined ? (said[at - 1] === 'a' ? at - 1 : at) : number.start;
  const value = half ? 6 : 12 * (number?.value ?? 1);
  return [...said.slice(0, start), String(value), ...said.slice(at + 1)];
}
