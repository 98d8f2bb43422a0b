import * as v from 'valibot';
import { DurationMs, Slug, Uuid } from './primitives.ts';

/** Of one part of a recording: ten seconds are some 40 kB. */
export const maxPartBytes = 1_000_000;

/** Its place among the parts, from 0. Three hours of parts of ten seconds are 1,080. */
export const PartNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20_000));

/**
 * `PUT /v1/node/calls/:callId/recording/:part?business=…&durationMs=…&last=…` with bytes of Ogg as its body. The parts, one
 * after the other, are the file: Opus in Ogg, the caller left and the agent right. The same part again changes nothing.
 */
export const RecordingPart = v.object({
  business: Slug,
  callId: Uuid,
  part: PartNumber,
  durationMs: DurationMs,
  /** None comes after it. */
  last: v.boolean(),
});
export type RecordingPart = v.InferOutput<typeof RecordingPart>;

/** `kept: false`: the recording was erased, or may not be kept; the node is to forget the part. */
export const PartAck = v.object({ kept: v.boolean() });
export type PartAck = v.InferOutput<typeof PartAck>;

const size = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What is kept of a call's sound: `GET /v1/businesses/:business/calls/:callId/recording`. */
export const Recording = v.object({
  durationMs: DurationMs,
  bytes: size,
  parts: size,
  /** False while the call goes on, and for good where its media node died. It can be played all the same. */
  complete: v.boolean(),
});
export type Recording = v.InferOutput<typeof Recording>;
