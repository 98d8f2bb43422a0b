import { decodeG711, encodeG711 } from '../../g711.ts';

const hybridTaps = 64;

export interface TwoWireLine {
  /** How much softer our voice comes back. */
  readonly echoDb: number;
  readonly delayMs: number;
  /** Root mean square of the line's hiss, of 32,768. */
  readonly noiseLevel?: number;
  readonly random: () => number;
}

/** What comes back over a line whose hybrid leaks: our voice, smeared over a few ms, the caller's, hiss, and µ-law. 8,000 Hz. */
export function overTwoWires(ours: Int16Array, caller: Int16Array, line: TwoWireLine): Int16Array {
  const { echoDb, delayMs, noiseLevel = 3, random } = line;
  const response = Float64Array.from({ length: hybridTaps }, (_, tap) => (2 * random() - 1) * Math.exp(-tap / 12));
  const energy = response.reduce((sum, tap) => sum + tap * tap, 0);
  const gain = 10 ** (echoDb / 20) / Math.sqrt(energy);
  const mixed = Int16Array.from({ length: ours.length }, (_, n) => {
    let sum = (caller[n] ?? 0) + (2 * random() - 1) * Math.sqrt(3) * noiseLevel;
    const newest = n - 8 * delayMs;
    for (let tap = 0; tap < hybridTaps; tap += 1) sum += gain * (response[tap] ?? 0) * (ours[newest - tap] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
  return decodeG711('PCMU', encodeG711('PCMU', mixed));
}
