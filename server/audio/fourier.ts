/** Radix-2 Fourier transform of one size, in place. Its tables are made once. */
export class Fourier {
  readonly size: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint16Array;

  /** @param size a power of two, at most 65,536. */
  constructor(size: number) {
    this.size = size;
    this.#cos = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / size));
    const bits = Math.log2(size);
    this.#reversed = Uint16Array.from({ length: size }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit += 1) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  forward(real: Float64Array, imaginary: Float64Array): void {
    const { size } = this;
    for (let index = 0; index < size; index += 1) {
      const other = this.#reversed[index] ?? 0;
      if (other <= index) continue;
      swap(real, index, other);
      swap(imaginary, index, other);
    }
    for (let length = 2; length <= size; length *= 2) {
      const half = length / 2;
      const stride = size / length;
      for (let start = 0; start < size; start += length) {
        for (let index = 0; index < half; index += 1) {
          const cos = this.#cos[index * stride] ?? 0;
          const sin = -(this.#sin[index * stride] ?? 0);
          const upper = start + index;
          const lower = upper + half;
          const lowerReal = real[lower] ?? 0;
          const lowerImaginary = imaginary[lower] ?? 0;
          const turnedReal = lowerReal * cos - lowerImaginary * sin;
          const turnedImaginary = lowerReal * sin + lowerImaginary * cos;
          const upperReal = real[upper] ?? 0;
          const upperImaginary = imaginary[upper] ?? 0;
          real[upper] = upperReal + turnedReal;
          imaginary[upper] = upperImaginary + turnedImaginary;
          real[lower] = upperReal - turnedReal;
          imaginary[lower] = upperImaginary - turnedImaginary;
        }
      }
    }
  }

  /** Undoes `forward`. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    // With the parts swapped, the forward transform runs backwards.
    this.forward(imaginary, real);
    for (let index = 0; index < this.size; index += 1) {
      real[index] = (real[index] ?? 0) / this.size;
      imaginary[index] = (imaginary[index] ?? 0) / this.size;
    }
  }
}

function swap(values: Float64Array, one: number, other: number): void {
  const value = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = value;
}
