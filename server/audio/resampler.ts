/** Zero crossings of the sinc on each side: 24 taps a phase at equal rates. */
const halfCrossings = 12;
/** Of the lower rate's band, what passes. The rest is the filter's slope. */
const passBand = 0.92;

/**
 * Another sample rate for a stream of Int16 mono: polyphase, windowed sinc (Hann), rate ratio `up / down` in lowest terms.
 * Adds no delay: the first sample out is at the time of the first sample in.
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  /** `#phases[p]`: the taps for output times that lie `p / up` input samples after an input sample. */
  readonly #phases: readonly Float32Array[];
  readonly #reach: number;
  /** Input that outputs to come still need; its first sample is number `#firstIn`. */
  #pending: Int16Array;
  #firstIn: number;
  #nextOut = 0;

  constructor(fromHz: number, toHz: number) {
    const common = gcd(fromHz, toHz);
    this.#up = toHz / common;
    this.#down = fromHz / common;
    const cutoff = passBand * Math.min(1, toHz / fromHz);
    this.#reach = Math.ceil(halfCrossings / cutoff);
    this.#phases = Array.from({ length: this.#up }, (_, phase) => taps(phase / this.#up, cutoff, this.#reach));
    this.#pending = new Int16Array(this.#reach);
    this.#firstIn = -this.#reach;
  }

  /** All output whose input has come: what the last few samples are part of follows with the next ones. */
  push(samples: Int16Array): Int16Array {
    const input = new Int16Array(this.#pending.length + samples.length);
    input.set(this.#pending);
    input.set(samples, this.#pending.length);
    const lastIn = this.#firstIn + input.length - 1;
    // Output n lies at input time n * down / up and reaches `reach` samples to both sides.
    const end = Math.max(this.#nextOut, Math.ceil(((lastIn - this.#reach + 1) * this.#up) / this.#down));
    const output = new Int16Array(end - this.#nextOut);
    for (let index = 0; index < output.length; index++) output[index] = this.#sample(input, this.#nextOut + index);
    this.#nextOut = end;
    const needed = Math.floor((end * this.#down) / this.#up) - this.#reach;
    this.#pending = input.slice(Math.max(0, needed - this.#firstIn));
    this.#firstIn = lastIn + 1 - this.#pending.length;
    return output;
  }

  /** The rest, as if silence followed. The next sample pushed begins a new stream. */
  flush(): Int16Array {
    const rest = this.push(new Int16Array(this.#reach));
    this.#pending = new Int16Array(this.#reach);
    this.#firstIn = -this.#reach;
    this.#nextOut = 0;
    return rest;
  }

  #sample(input: Int16Array, out: number): number {
    const position = out * this.#down;
    const phase = this.#phases[position % this.#up];
    const first = Math.floor(position / this.#up) - this.#reach + 1 - this.#firstIn;
    let sum = 0;
    if (phase) for (let tap = 0; tap < phase.length; tap++) sum += (phase[tap] ?? 0) * (input[first + tap] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
}

/** A whole sound at another rate. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const resampler = new Resampler(fromHz, toHz);
  const [body, rest] = [resampler.push(samples), resampler.flush()];
  const whole = new Int16Array(Math.round((samples.length * toHz) / fromHz));
  whole.set(body.subarray(0, whole.length));
  whole.set(rest.subarray(0, whole.length - body.length), body.length);
  return whole;
}

/** Taps for input samples `1 - reach … reach` around an output time; together they pass a constant unchanged. */
function taps(offset: number, cutoff: number, reach: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, index) => {
    const distance = index + 1 - reach - offset;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (reach + 1));
    return sinc(distance * cutoff) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
