export interface CSeq {
  /** Below 2³¹ (RFC 3261 §8.1.1.5). */
  readonly number: number;
  readonly method: string;
}

export function parseCSeq(value: string): CSeq | undefined {
  const match = /^([0-9]{1,10})\s+(\S{1,64})$/.exec(value);
  if (!match) return undefined;
  const [, digits = '', method = ''] = match;
  const number = Number(digits);
  return number < 2 ** 31 ? { number, method } : undefined;
}
