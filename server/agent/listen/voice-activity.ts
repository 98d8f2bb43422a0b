/** Samples in one window: 32 ms at 16,000 Hz. */
export const windowSamples = 512;
export const windowMs = 32;

/** Tells speech from everything else, window by window, for one call. */
export interface VoiceActivityDetector {
  /** The probability, 0 to 1, that the 512 samples (Int16 mono, 16,000 Hz) hold speech. */
  probability(window: Int16Array): Promise<number>;
}
