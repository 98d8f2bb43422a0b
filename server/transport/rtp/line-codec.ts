/** One call's voice as it travels, both ways. Samples are Int16 mono, at the codec's own rate where nothing else is said. */
export interface LineCodec {
  /** Of RTP timestamps. */
  readonly clockRateHz: number;
  /** @param frame ours, 20 ms at 16,000 Hz; must not change afterwards. */
  encode(frame: Int16Array): Uint8Array;
  /** Whether it can decode them. */
  knows(payloadType: number): boolean;
  decode(payloadType: number, payload: Uint8Array): Int16Array;
  /** Stands in for a packet that did not come. */
  lost(): Int16Array;
  /** 20 ms of a line that sends nothing, at a level from 0 to 32,768. */
  quiet(level: number): Int16Array;
  /** What was decoded or stood in, in order, as it is to be listened to: at 16,000 Hz. */
  forEar(samples: Int16Array): Int16Array;
}
