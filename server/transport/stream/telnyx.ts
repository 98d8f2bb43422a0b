import * as v from 'valibot';
import { TokenParameters } from '../../../contract/carrier-stream.ts';
import { Counter, Id, Key, MarkName, Payload } from './fields.ts';
import type { StreamMessage, StreamProtocol } from './stream-protocol.ts';

/** https://developers.telnyx.com/api-reference/websockets/stream-call-media-over-websocket */
const Message = v.variant('event', [
  v.object({ event: v.literal('connected'), version: v.string() }),
  v.object({
    event: v.literal('start'),
    stream_id: Id,
    start: v.object({
      call_control_id: Id,
      custom_parameters: TokenParameters,
      media_format: v.object({ encoding: v.string(), sample_rate: v.number(), channels: v.optional(v.number(), 1) }),
    }),
  }),
  v.object({
    event: v.literal('media'),
    media: v.object({ track: v.string(), chunk: Counter, timestamp: Counter, payload: Payload }),
  }),
  v.object({ event: v.literal('dtmf'), dtmf: v.object({ digit: Key }) }),
  v.object({ event: v.literal('mark'), mark: MarkName }),
  v.object({
    event: v.literal('error'),
    payload: v.object({ code: v.union([v.number(), v.string()]), title: v.optional(v.string(), '') }),
  }),
  v.object({ event: v.literal('stop') }),
]);

/**
 * Telnyx media streaming in its bidirectional RTP mode: payloads of RTP packets without their headers. The caller's
 * codec is what the start event says; ours is the one that the stream was asked for with, µ-law.
 */
export const telnyx: StreamProtocol = {
  read(text) {
    const message = v.safeParse(v.pipe(v.string(), v.parseJson(), Message), text);
    return message.success ? meaningOf(message.output) : undefined;
  },
  audio: (_, payload) =>
    JSON.stringify({ event: 'media', media: { payload: Buffer.from(payload).toString('base64') } }),
  mark: (_, name) => JSON.stringify({ event: 'mark', mark: { name } }),
  clear: () => JSON.stringify({ event: 'clear' }),
};

function meaningOf(message: v.InferOutput<typeof Message>): StreamMessage {
  switch (message.event) {
    case 'connected':
      return { kind: 'other' };
    case 'start': {
      const { call_control_id: carrierCallId, custom_parameters: parameters, media_format: format } = message.start;
      return {
        kind: 'start',
        streamId: message.stream_id,
        carrierCallId,
        law: lawOf(format),
        token: parameters,
      };
    }
    case 'media': {
      const { track, chunk, timestamp, payload } = message.media;
      return track === 'inbound' ? { kind: 'audio', chunk, timestampMs: timestamp, payload } : { kind: 'other' };
    }
    case 'dtmf':
      return { kind: 'key', key: message.dtmf.digit };
    case 'mark':
      return { kind: 'mark', name: message.mark.name };
    case 'error':
      return { kind: 'fault', cause: `Telnyx error ${message.payload.code} ${message.payload.title}`.trim() };
    case 'stop':
      return { kind: 'stop' };
    default:
      return message satisfies never;
  }
}

function lawOf({
  encoding,
  sample_rate: sampleRateHz,
  channels,
}: {
  encoding: string;
  sample_rate: number;
  channels: number;
}) {
  if (sampleRateHz !== 8_000 || channels !== 1) return undefined;
  return encoding === 'PCMU' || encoding === 'PCMA' ? encoding : undefined;
}
