import type { Region } from '../../contract/fleet.ts';

/** By the first digits of a number in E.164; the longest that fits counts. Where a number was given out, not where its owner is. */
const regions: Readonly<Record<string, Region>> = {
  '1': 'na',
  '2': 'af',
  '297': 'na',
  '298': 'eu',
  '299': 'na',
  '3': 'eu',
  '4': 'eu',
  '5': 'sa',
  '50': 'na',
  '52': 'na',
  '53': 'na',
  '590': 'na',
  '596': 'na',
  '6': 'oc',
  '60': 'as',
  '62': 'as',
  '63': 'as',
  '65': 'as',
  '66': 'as',
  '7': 'eu',
  '8': 'as',
  '9': 'as',
};

export function regionOfNumber(number: string): Region | null {
  const digits = number.startsWith('+') ? number.slice(1) : '';
  return [3, 2, 1].map((length) => regions[digits.slice(0, length)]).find((region) => region !== undefined) ?? null;
}
