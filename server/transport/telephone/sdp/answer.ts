import { isIP } from 'node:net';
import type { Direction, MediaDescription, SdpCodec, SessionDescription } from './session-description.ts';

/** How the two sides will talk. */
export interface AgreedMedia {
  readonly codec: 'PCMU' | 'PCMA';
  readonly payloadType: number;
  /** Of RFC 4733 key presses, where the other side offers them. */
  readonly eventPayloadType: number | undefined;
  /** Where to send; undefined while the other side wants nothing (hold). */
  readonly remote: { readonly address: string; readonly port: number } | undefined;
  /** From our side. */
  readonly direction: Direction;
}

export interface LocalMedia {
  readonly address: string;
  readonly port: number;
  readonly sessionId: string;
  /** Raised with each description that differs from the one before. */
  readonly version: number;
}

const packetMs = 20;
const events: SdpCodec = { name: 'TELEPHONE-EVENT', clockRateHz: 8_000, parameters: '0-15' };
const unspecified = new Set(['0.0.0.0', '::']);

/**
 * Answers an offer (RFC 3264 §6): G.711 on the first audio stream that has it, every other stream refused. Undefined
 * without a codec in common.
 */
export function answerOffer(
  offer: SessionDescription,
  local: LocalMedia,
): { answer: SessionDescription; agreed: AgreedMedia } | undefined {
  const chosen = offer.media.findIndex(isUsable);
  const stream = offer.media[chosen];
  const agreed = stream && agree(stream);
  if (!stream || !agreed) return undefined;
  const media = offer.media.map((one, index) =>
    index === chosen ? accepted(stream, agreed, local) : { ...one, port: 0, formats: one.formats.slice(0, 1) },
  );
  return { answer: describeLocal(local, media), agreed };
}

/** An offer of our own, where the other side asks for one by sending none. */
export function makeOffer(local: LocalMedia): SessionDescription {
  return describeLocal(local, [
    {
      kind: 'audio',
      port: local.port,
      protocol: 'RTP/AVP',
      formats: [0, 8, 101],
      address: local.address,
      direction: 'sendrecv',
      codecs: new Map([
        [0, { name: 'PCMU', clockRateHz: 8_000, parameters: '' }],
        [8, { name: 'PCMA', clockRateHz: 8_000, parameters: '' }],
        [101, events],
      ]),
      packetMs,
    },
  ]);
}

/** What was agreed by an answer to our offer; undefined when it took nothing of it. */
export function readAnswer(answer: SessionDescription): AgreedMedia | undefined {
  const stream = answer.media.find(isUsable);
  return stream && agree(stream);
}

function describeLocal(local: LocalMedia, media: readonly MediaDescription[]): SessionDescription {
  return { origin: { sessionId: local.sessionId, version: String(local.version), address: local.address }, media };
}

function isUsable(stream: MediaDescription): boolean {
  return stream.kind === 'audio' && stream.protocol === 'RTP/AVP' && stream.port > 0 && voiceType(stream) !== undefined;
}

/** The other side's favourite of what we speak. */
function voiceType({ formats, codecs }: MediaDescription): number | undefined {
  return formats.find((type) => {
    const codec = codecs.get(type);
    return codec?.clockRateHz === 8_000 && (codec.name === 'PCMU' || codec.name === 'PCMA');
  });
}

function agree(stream: MediaDescription): AgreedMedia | undefined {
  const payloadType = voiceType(stream);
  const codec = payloadType === undefined ? undefined : stream.codecs.get(payloadType)?.name;
  if (payloadType === undefined || (codec !== 'PCMU' && codec !== 'PCMA')) return undefined;
  const held = unspecified.has(stream.address) || isIP(stream.address) === 0;
  const direction = mirrored(stream.direction);
  return {
    codec,
    payloadType,
    eventPayloadType: stream.formats.find((type) => stream.codecs.get(type)?.name === events.name),
    remote: held ? undefined : { address: stream.address, port: stream.port },
    direction: held && direction === 'sendrecv' ? 'recvonly' : direction,
  };
}

function mirrored(direction: Direction): Direction {
  switch (direction) {
    case 'sendonly':
      return 'recvonly';
    case 'recvonly':
      return 'sendonly';
    case 'sendrecv':
    case 'inactive':
      return direction;
    default:
      return direction satisfies never;
  }
}

function accepted(stream: MediaDescription, agreed: AgreedMedia, local: LocalMedia): MediaDescription {
  const { payloadType, eventPayloadType, codec, direction } = agreed;
  const codecs = new Map<number, SdpCodec>([[payloadType, { name: codec, clockRateHz: 8_000, parameters: '' }]]);
  if (eventPayloadType !== undefined) codecs.set(eventPayloadType, events);
  return {
    ...stream,
    port: local.port,
    address: local.address,
    formats: [...codecs.keys()],
    codecs,
    direction,
    packetMs,
  };
}
