import { Hono } from 'hono';
import * as v from 'valibot';
import { maxPartBytes, RecordingPart } from '../../contract/recording.ts';
import type { Answer } from '../answer.ts';
import type { Env } from '../env.ts';
import { type ByteRange, byteRange } from '../recordings/byte-range.ts';
import type { StoredPart } from '../recordings/parts.ts';
import { requireKey } from './auth.ts';
import { check, readBytes } from './body.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';

const number = (schema: v.GenericSchema<number, number>) => v.pipe(v.string(), v.digits(), v.transform(Number), schema);
const flag = v.pipe(
  v.picklist(['true', 'false']),
  v.transform((text) => text === 'true'),
);
const PartRequest = v.object({
  ...RecordingPart.entries,
  part: number(RecordingPart.entries.part),
  durationMs: number(RecordingPart.entries.durationMs),
  last: flag,
});

/** The sound of calls: media nodes bring it part by part, staff hear it. */
export const recordingRoutes = new Hono<{ Bindings: Env }>();

recordingRoutes.put('/v1/node/calls/:callId/recording/:part', requireKey('NODE_KEY'), async (c) => {
  const part = check(PartRequest, { ...c.req.query(), callId: c.req.param('callId'), part: c.req.param('part') });
  const bytes = await readBytes(c.req.raw, maxPartBytes);
  if (bytes.length === 0) {
    throw new FaultError({
      status: 400,
      code: 'bad-request',
      message: 'The part is empty.',
      action: 'Send the pages of the recording as the body.',
    });
  }
  using desk = await businessOf(c, part.business).recordings();
  return c.json(valueOf(await desk.store(part, bytes)));
});

recordingRoutes.get('/v1/businesses/:business/calls/:callId/recording', requireKey('STAFF_KEY'), async (c) => {
  const callId = param(c, 'callId');
  const business = businessOf(c, param(c, 'business'));
  using desk = await business.recordings();
  const parts = valueOf(await desk.parts(callId));
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const range = byteRange(c.req.header('range'), bytes);
  const headers = {
    'Content-Type': 'audio/ogg; codecs=opus',
    'Content-Disposition': `inline; filename="${callId}.ogg"`,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
  };
  if (range === 'unsatisfiable')
    return c.body(null, 416, { 'Accept-Ranges': 'bytes', 'Content-Range': `bytes */${bytes}` });
  const { from, to } = range ?? { from: 0, to: bytes };
  const read = async (part: number): Promise<Answer<Uint8Array<ArrayBuffer>>> => {
    using reader = await business.recordings();
    return await reader.part(callId, part);
  };
  const body = await stream(parts, { from, to }, read);
  // With its length a player can seek.
  return c.body(body.pipeThrough(new FixedLengthStream(to - from)), range === undefined ? 200 : 206, {
    ...headers,
    'Content-Length': String(to - from),
    ...(range === undefined ? {} : { 'Content-Range': `bytes ${from}-${to - 1}/${bytes}` }),
  });
});

/** Of each part what lies in the range; one part at a time is in memory. What is wrong with the first can still be answered. */
async function stream(
  parts: readonly StoredPart[],
  { from, to }: ByteRange,
  read: (part: number) => Promise<Answer<Uint8Array<ArrayBuffer>>>,
): Promise<ReadableStream<Uint8Array>> {
  let begins = 0;
  const wanted = parts.flatMap(({ part, bytes }) => {
    const [start, end] = [begins, begins + bytes];
    begins = end;
    return end > from && start < to ? [{ part, from: Math.max(0, from - start), to: Math.min(bytes, to - start) }] : [];
  });
  const pieces = async (): Promise<Uint8Array | undefined> => {
    const next = wanted.shift();
    return next && valueOf(await read(next.part)).subarray(next.from, next.to);
  };
  let piece = await pieces();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (piece === undefined) return controller.close();
      controller.enqueue(piece);
      piece = await pieces();
    },
  });
}
