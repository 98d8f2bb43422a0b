/** What is tried first, and by how much more each time it goes well. */
const firstRate = 400;
const rateStep = 200;
const mostRate = 4_000;

export interface Trial {
  readonly callsPerSecond: number;
  /** Every call went as it should, at the rate that was asked for, and nothing had to be said twice. */
  readonly good: boolean;
}

/**
 * The best trial that a stack can keep up: rates go up in short trials until one fails, then down in lasting ones until
 * one succeeds. Undefined when not even the lowest rate can be kept up.
 */
export async function highestRate<Result extends Trial>(trials: {
  readonly short: (callsPerSecond: number) => Promise<Result>;
  readonly lasting: (callsPerSecond: number) => Promise<Result>;
}): Promise<Result | undefined> {
  let best = 0;
  for (let rate = firstRate; rate <= mostRate; rate += rateStep) {
    if (!(await trials.short(rate)).good) break;
    best = rate;
  }
  for (let rate = best; rate > 0; rate -= rateStep) {
    const lasting = await trials.lasting(rate);
    if (lasting.good) return lasting;
  }
  return undefined;
}
