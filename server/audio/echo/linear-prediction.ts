/**
 * What is left of a sound when each sample is predicted from those before it: the weights that do it best, by the
 * autocorrelation method (Levinson and Durbin). For samples 1, 2, … back.
 */
export function predictorOf(samples: Float64Array, order: number): Float64Array {
  const auto = Float64Array.from({ length: order + 1 }, (_, lag) => {
    let sum = 0;
    for (let index = lag; index < samples.length; index += 1)
      sum += (samples[index] ?? 0) * (samples[index - lag] ?? 0);
    return sum;
  });
  const weights = new Float64Array(order);
  const before = new Float64Array(order);
  // A little noise is assumed, so that silence has an answer as well.
  let error = (auto[0] ?? 0) * 1.001 + 1;
  for (let taken = 0; taken < order; taken += 1) {
    let gap = auto[taken + 1] ?? 0;
    for (let tap = 0; tap < taken; tap += 1) gap -= (weights[tap] ?? 0) * (auto[taken - tap] ?? 0);
    const reflection = gap / error;
    before.set(weights);
    weights[taken] = reflection;
    for (let tap = 0; tap < taken; tap += 1) {
      weights[tap] = (before[tap] ?? 0) - reflection * (before[taken - 1 - tap] ?? 0);
    }
    error *= 1 - reflection * reflection;
  }
  return weights;
}
