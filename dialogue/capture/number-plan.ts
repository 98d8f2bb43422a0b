/** How a North American number is said: area code, exchange, line. Where each part ends. */
const partEnds = [3, 6, 10] as const;
export const numberLength = 10;

/** Digits from `confirmed` on to the end of its part of the number. */
export function partLength(confirmed: number): number {
  return (partEnds.find((end) => end > confirmed) ?? confirmed) - confirmed;
}

/** False for digits that no number has at that place: area code and exchange start with 2 to 9. */
export function fitsNumberPlan(digits: string): boolean {
  return !/^[01]/.test(digits) && !/^\d{3}[01]/.test(digits);
}
