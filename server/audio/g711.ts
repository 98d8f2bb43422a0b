/** G.711: one byte a sample, 8,000 Hz. Both laws by table; the tables are made once. */
export type G711Law = 'PCMU' | 'PCMA';

const bias = 0x84;
const clip = 32_635;

function encodeMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(clip, Math.abs(sample)) + bias;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decodeMu(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + bias) << ((bits >> 4) & 7)) - bias;
  return bits & 0x80 ? -magnitude : magnitude;
}

function encodeA(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  // Negative values are mirrored so that 0 and -1 are the innermost steps of their sides.
  const magnitude = Math.min(0x7fff, sample < 0 ? -sample - 1 : sample) >> 4;
  const exponent = magnitude < 0x20 ? (magnitude < 0x10 ? 0 : 1) : 28 - Math.clz32(magnitude);
  const mantissa = exponent < 2 ? magnitude & 0x0f : (magnitude >> (exponent - 1)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

function decodeA(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

const tables = {
  PCMU: makeTables(encodeMu, decodeMu),
  PCMA: makeTables(encodeA, decodeA),
} as const;

function makeTables(encode: (sample: number) => number, decode: (byte: number) => number) {
  return {
    encoded: Uint8Array.from({ length: 0x10000 }, (_, index) => encode(index - 0x8000)),
    decoded: Int16Array.from({ length: 0x100 }, (_, byte) => decode(byte)),
  };
}

/** Int16 mono at 8,000 Hz. */
export function decodeG711(law: G711Law, payload: Uint8Array): Int16Array {
  const { decoded } = tables[law];
  const samples = new Int16Array(payload.length);
  for (let index = 0; index < payload.length; index += 1) samples[index] = decoded[payload[index] ?? 0] ?? 0;
  return samples;
}

/** @param samples Int16 mono at 8,000 Hz. */
export function encodeG711(law: G711Law, samples: Int16Array): Uint8Array {
  const { encoded } = tables[law];
  const payload = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) payload[index] = encoded[(samples[index] ?? 0) + 0x8000] ?? 0;
  return payload;
}
