import { dayNames, monthNames } from '../calendar-names.ts';

const shorter = (name: string, length: number): string => name.slice(0, length);

const months: ReadonlyMap<string, number> = new Map([
  ...monthNames.flatMap((name, index): [string, number][] => [
    [name, index + 1],
    [shorter(name, 3), index + 1],
  ]),
  ['sept', 9],
]);
const weekdays: ReadonlyMap<string, number> = new Map([
  ...dayNames.flatMap((name, index): [string, number][] => [
    [name, index + 1],
    [`${name}s`, index + 1],
    [shorter(name, 3), index + 1],
  ]),
  ['tues', 2],
  ['weds', 3],
  ['thur', 4],
  ['thurs', 4],
]);

/** "october", "oct" → 10; undefined for any other word. */
export const monthCalled = (word: string): number | undefined => months.get(word);

/** "friday", "fri", "fridays" → 5; undefined for any other word. */
export const weekdayCalled = (word: string): number | undefined => weekdays.get(word);
