/** A little noise is assumed in what is heard from, so that there is always one best filter. */
const ridge = 1e-4;

/**
 * The filter that makes `target` of `source` with the least error, over the whole of `target` (covariance method).
 *
 * @param source begins `taps - 1` samples before `target`; as long as both together.
 * @returns weights of the source's samples 0, 1, 2 … back.
 */
export function fitFilter(source: Float64Array, target: Float64Array, taps: number): Float64Array {
  const first = taps - 1;
  const matrix = covariance(source, target.length, taps);
  const cross = new Float64Array(taps);
  for (let tap = 0; tap < taps; tap += 1) {
    let sum = 0;
    for (let n = 0; n < target.length; n += 1) sum += (target[n] ?? 0) * (source[first + n - tap] ?? 0);
    cross[tap] = sum;
  }
  const noise = ridge * (matrix[0] ?? 0) + 1;
  for (let tap = 0; tap < taps; tap += 1) matrix[tap * taps + tap] = (matrix[tap * taps + tap] ?? 0) + noise;
  return solve(matrix, cross);
}

/** Products of the source with itself, `row` and `column` samples back. Each diagonal follows from its first entry. */
function covariance(source: Float64Array, count: number, taps: number): Float64Array {
  const first = taps - 1;
  const matrix = new Float64Array(taps * taps);
  for (let column = 0; column < taps; column += 1) {
    let sum = 0;
    for (let n = 0; n < count; n += 1) sum += (source[first + n] ?? 0) * (source[first + n - column] ?? 0);
    matrix[column] = sum;
    for (let row = 1; row + column < taps; row += 1) {
      const [newest, oldest] = [first - row, first + count - row];
      sum += (source[newest] ?? 0) * (source[newest - column] ?? 0);
      sum -= (source[oldest] ?? 0) * (source[oldest - column] ?? 0);
      matrix[row * taps + row + column] = sum;
    }
  }
  for (let row = 1; row < taps; row += 1) {
    for (let column = 0; column < row; column += 1) matrix[row * taps + column] = matrix[column * taps + row] ?? 0;
  }
  return matrix;
}

/** Cholesky's decomposition, in place, and both substitutions. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (matrix[column * size + column] ?? 1);
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (matrix[row * size + k] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (matrix[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solution[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= (matrix[k * size + row] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (matrix[row * size + row] ?? 1);
  }
  return solution;
}
