/** The media plane's one format: Int16 mono PCM at 16,000 Hz, 20 ms = 320 samples a frame. */
export const sampleRateHz = 16_000;
export const frameMs = 20;
export const frameSamples = 320;

/** One frame of silence, shared: its encoded form is made once. */
export const silentFrame: Int16Array = new Int16Array(frameSamples);

export const samplesToMs = (samples: number): number => (samples * 1_000) / sampleRateHz;
export const msToSamples = (ms: number): number => Math.round((ms * sampleRateHz) / 1_000);

/** Cuts speech into frames; the last one is filled up with silence. */
export function toFrames(samples: Int16Array): Int16Array[] {
  const frames: Int16Array[] = [];
  for (let start = 0; start < samples.length; start += frameSamples) {
    const frame = new Int16Array(frameSamples);
    frame.set(samples.subarray(start, start + frameSamples));
    frames.push(frame);
  }
  return frames;
}

/** Root mean square of Int16 samples, 0 to 32,768. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
