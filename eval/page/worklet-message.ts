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

/** From the ear: what came, 48 kHz mono, with time and level (RMS, full scale 1) of each quantum. */
export interface EarReport {
  readonly quanta: readonly { readonly atMs: number; readonly rms: number }[];
  readonly pcm: Int16Array;
}
