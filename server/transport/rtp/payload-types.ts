import type { G711Law } from '../../audio/g711.ts';

/** Static payload types (RFC 3551 §6), at 8,000 Hz. Some send the other law than the one that was agreed. */
export const comfortNoiseType = 13;
export const typeOfLaw: Readonly<Record<G711Law, number>> = { PCMU: 0, PCMA: 8 };
export const lawTypes: ReadonlyMap<number, G711Law> = new Map([
  [typeOfLaw.PCMU, 'PCMU'],
  [typeOfLaw.PCMA, 'PCMA'],
]);
