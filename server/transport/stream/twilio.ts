import * as v from 'valibot';
import { TokenParameters } from '../../../contract/carrier-stream.ts';
import { Counter, Id, Key, MarkName, Payload } from './fields.ts';
import type { StreamMessage, StreamProtocol } from './stream-protocol.ts';

/** https://www.twilio.com/docs/voice/media-streams/websocket-messages */
const Message = v.variant('event', [
  v.object({ event: v.literal('connected'), protocol: v.string(), version: v.string() }),
  v.object({
    event: v.literal('start'),
    streamSid: Id,
    start: v.object({
      callSid: Id,
      customParameters: TokenParameters,
      mediaFormat: v.object({ encoding: v.string(), sampleRate: v.number(), channels: v.number() }),
    }),
  }),
  v.object({
    event: v.literal('media'),
    media: v.object({ track: v.string(), chunk: Counter, timestamp: Counter, payload: Payload }),
  }),
  v.object({ event: v.literal('dtmf'), dtmf: v.object({ digit: Key }) }),
  v.object({ event: v.literal('mark'), mark: MarkName }),
  v.object({ event: v.literal('stop') }),
]);

/** Twilio Media Streams, opened by `<Connect><Stream>`: µ-law at 8,000 Hz both ways. */
export const twilio: StreamProtocol = {
  read(text) {
    const message = v.safeParse(v.pipe(v.string(), v.parseJson(), Message), text);
    return message.success ? meaningOf(message.output) : undefined;
  },
  audio: (streamSid, payload) =>
    JSON.stringify({ event: 'media', streamSid, media: { payload: Buffer.from(payload).toString('base64') } }),
  mark: (streamSid, name) => JSON.stringify({ event: 'mark', streamSid, mark: { name } }),
  clear: (streamSid) => JSON.stringify({ event: 'clear', streamSid }),
};

function meaningOf(message: v.InferOutput<typeof Message>): StreamMessage {
  switch (message.event) {
    case 'connected':
      return { kind: 'other' };
    case 'start': {
      const { callSid, customParameters, mediaFormat } = message.start;
      const { encoding, sampleRate, channels } = mediaFormat;
      return {
        kind: 'start',
        streamId: message.streamSid,
        carrierCallId: callSid,
        law: encoding === 'audio/x-mulaw' && sampleRate === 8_000 && channels === 1 ? 'PCMU' : undefined,
        token: customParameters,
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
    case 'stop':
      return { kind: 'stop' };
    default:
      return message satisfies never;
  }
}
