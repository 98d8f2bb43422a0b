/** The p-th percentile (0 to 1) of a list, linear between neighbours. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error('Cannot take a percentile of no values.');
  if (!(p >= 0 && p <= 1)) throw new Error(`Cannot take a percentile as 'p' must be between 0 and 1: it is ${p}.`);
  const sorted = [...values].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Median and 95th percentile, to a tenth of a millisecond. */
export function spread(valuesMs: readonly number[]): Spread {
  return { p50: tenth(percentile(valuesMs, 0.5)), p95: tenth(percentile(valuesMs, 0.95)) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
