import { decodeG711, encodeG711 } from '../../server/audio/g711.ts';

/** What is between mouth and recogniser. `flat`: G.711 as it is. `old`: 300 to 3,400 Hz before that. */
export type LineKind = 'flat' | 'old';

const reach = 100;
const bandPass = Float64Array.from({ length: 2 * reach + 1 }, (_, tap) => {
  const distance = tap - reach;
  const window = 0.54 + 0.46 * Math.cos((Math.PI * distance) / reach);
  return window * (lowPass(distance, 3_400 / 8_000) - lowPass(distance, 300 / 8_000));
});

function lowPass(distance: number, cutoff: number): number {
  return distance === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * distance) / (Math.PI * distance);
}

/** @param samples Int16 mono at 8,000 Hz; so is what comes out. */
export function throughLine(samples: Int16Array, kind: LineKind): Int16Array {
  const sound = kind === 'flat' ? samples : banded(samples);
  return decodeG711('PCMU', encodeG711('PCMU', sound));
}

function banded(samples: Int16Array): Int16Array {
  return samples.map((_, index) => {
    let sum = 0;
    for (const [tap, weight] of bandPass.entries()) sum += weight * (samples[index + tap - reach] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}
