import * as v from 'valibot';

/** A second of G.711 in one message is more than any carrier sends. */
const maxPayloadBytes = 8_000;

/** Carriers write their counters as text. */
export const Counter = v.pipe(
  v.union([v.pipe(v.string(), v.regex(/^\d{1,12}$/)), v.pipe(v.number(), v.integer(), v.minValue(0))]),
  v.transform(Number),
);

export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const Payload = v.pipe(
  v.string(),
  v.maxLength(Math.ceil(maxPayloadBytes / 3) * 4),
  v.base64(),
  v.transform((text): Uint8Array => Buffer.from(text, 'base64')),
);

export const Key = v.pipe(v.string(), v.regex(/^[0-9A-D*#]$/));

export const MarkName = v.object({ name: v.pipe(v.string(), v.maxLength(100)) });
