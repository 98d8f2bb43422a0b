/** To the mouth: say this (48 kHz, full scale 1), after what is being said; or be silent at once. */
export type MouthRequest =
  | { readonly type: 'say'; readonly id: number; readonly samples: Float32Array }
  | { readonly type: 'stop' };

/** From the mouth, once all of it has left: when its first and its last sample did. */
export interface MouthReport {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** `processorOptions` of the ear. */
export interface EarOptions {
  /** Quanta in one report: 8 are 21 ms. */
  readonly quantaPerReport: number;
}

/** From the ear: time and level (RMS, full scale 1) of each quantum, and what came, 48 kHz mono. */
export interface EarReport {
  readonly atMs: Float64Array<ArrayBuffer>;
  readonly rms: Float64Array<ArrayBuffer>;
  readonly pcm: Int16Array<ArrayBuffer>;
}
