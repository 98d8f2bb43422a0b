/** Half the width of the low-pass filter, in input samples. */
const halfWidth = 16;

/** 16 kHz to 48 kHz with a windowed-sinc low-pass at 8 kHz (Hann). Images would teach the recogniser sounds no mouth makes. */
export function upsampleByThree(pcm: Int16Array): Int16Array {
  const kernels = [0, 1, 2].map((phase) =>
    Float64Array.from({ length: 2 * halfWidth }, (_, tap) => sincHann(tap - halfWidth + 1 - phase / 3, halfWidth)),
  );
  const out = new Int16Array(pcm.length * 3);
  for (let index = 0; index < pcm.length; index += 1) {
    for (const [phase, kernel] of kernels.entries()) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap += 1) {
        sum += (pcm[index + tap - halfWidth + 1] ?? 0) * (kernel[tap] ?? 0);
      }
      out[index * 3 + phase] = clamp(sum);
    }
  }
  return out;
}

/** 48 kHz to 16 kHz: the same filter, every third sample kept. */
export const downsampleByThree = (pcm: Int16Array): Int16Array => downsample(pcm, 3);

/** 16 kHz to a telephone's 8 kHz. */
export const downsampleByTwo = (pcm: Int16Array): Int16Array => downsample(pcm, 2);

function downsample(pcm: Int16Array, factor: number): Int16Array {
  const width = halfWidth * factor;
  const kernel = Float64Array.from(
    { length: 2 * width + 1 },
    (_, tap) => sincHann((tap - width) / factor, halfWidth) / factor,
  );
  const out = new Int16Array(Math.floor(pcm.length / factor));
  for (let index = 0; index < out.length; index += 1) {
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap += 1)
      sum += (pcm[index * factor + tap - width] ?? 0) * (kernel[tap] ?? 0);
    out[index] = clamp(sum);
  }
  return out;
}

function sincHann(x: number, reach: number): number {
  if (Math.abs(x) >= reach) return 0;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach));
}

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
