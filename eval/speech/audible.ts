/** A window at least this loud counts as heard, on both sides of a call: -46 dBFS, RMS, full scale 1. */
export const audibleRms = 0.005;

/** One quantum of the page's audio thread. */
const windowMs = 128 / 48;

/** Where the audible part of a sound begins and ends, in milliseconds from its start. Null when all is silence. */
export function audibleSpan(pcm: Int16Array, sampleRateHz: number): { fromMs: number; toMs: number } | null {
  const size = Math.round((windowMs * sampleRateHz) / 1_000);
  let from = -1;
  let to = -1;
  for (let start = 0; start < pcm.length; start += size) {
    const window = pcm.subarray(start, start + size);
    const power = window.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / window.length;
    if (Math.sqrt(power) < audibleRms) continue;
    if (from < 0) from = start;
    to = start + window.length;
  }
  return from < 0 ? null : { fromMs: (from * 1_000) / sampleRateHz, toMs: (to * 1_000) / sampleRateHz };
}
