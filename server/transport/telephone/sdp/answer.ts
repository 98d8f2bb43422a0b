import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type Suite, suites } from '../srtp/protection.ts';
import { type MasterKey, masterKeyBytes, masterSaltBytes } from '../srtp/session-keys.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import { allowsEncryption, type MediaPolicy, usualPolicy, type VoiceCodecName, voiceCodecs } from './media-policy.ts';
import type { Direction, MediaDescription, SdpCodec, SessionDescription } from './session-description.ts';

/** How the two sides will talk. */
export interface AgreedMedia {
  readonly codec: VoiceCodecName;
  readonly payloadType: number;
  /** Of RFC 4733 key presses, where the other side offers them. */
  readonly eventPayloadType: number | undefined;
  /** Where to send; undefined while the other side wants nothing (hold). */
  readonly remote: { readonly address: string; readonly port: number } | undefined;
  /** From our side. */
  readonly direction: Direction;
  /** Absent: in the clear. */
  readonly encryption?: Encryption;
}

/** SDES (RFC 4568): each side names the key that it encrypts with. */
export interface Encryption {
  readonly suite: Suite;
  readonly ours: MasterKey;
  readonly theirs: MasterKey;
}

export interface LocalMedia {
  readonly address: string;
  readonly port: number;
  readonly sessionId: string;
  /** Raised with each description that differs from the one before. */
  readonly version: number;
  /** Absent: G.711 or Opus, in the clear. */
  readonly policy?: MediaPolicy;
  /** What we encrypt with, the whole call long. Needed where the policy allows encryption. */
  readonly master?: MasterKey;
}

type LocalRules = Pick<LocalMedia, 'policy' | 'master'>;

export function newMasterKey(): MasterKey {
  return { key: randomBytes(masterKeyBytes), salt: randomBytes(masterSaltBytes) };
}

const packetMs = 20;
/** Mono, no wider than a wideband telephone; lost packets may be repaired from those after them (RFC 7587 §6.1). */
const opusParameters = 'useinbandfec=1;maxplaybackrate=16000;sprop-maxcapturerate=16000;stereo=0;sprop-stereo=0';
const spoken: Readonly<Record<VoiceCodecName, { readonly payloadType: number; readonly codec: SdpCodec }>> = {
  opus: { payloadType: 111, codec: { name: 'OPUS', clockRateHz: 48_000, channels: 2, parameters: opusParameters } },
  PCMU: { payloadType: 0, codec: { name: 'PCMU', clockRateHz: 8_000, parameters: '' } },
  PCMA: { payloadType: 8, codec: { name: 'PCMA', clockRateHz: 8_000, parameters: '' } },
};
const events = (clockRateHz: number): SdpCodec => ({ name: 'TELEPHONE-EVENT', clockRateHz, parameters: '0-15' });
const eventTypes: readonly (readonly [number, number])[] = [
  [101, 8_000],
  [110, 48_000],
];
const unspecified = new Set(['0.0.0.0', '::']);

/**
 * Answers an offer (RFC 3264 §6): one audio stream that we can speak, an encrypted one before others where that is
 * allowed; every other stream refused. Undefined without a codec in common, or without the encryption that is required.
 */
export function answerOffer(
  offer: SessionDescription,
  local: LocalMedia,
): { answer: SessionDescription; agreed: AgreedMedia } | undefined {
  const found = offer.media.map((stream) => {
    const crypto = stream.crypto[0];
    return agree(stream, local, crypto && secretOf(crypto, local));
  });
  const encrypted = found.findIndex((agreed) => agreed?.encryption);
  const chosen = encrypted >= 0 ? encrypted : found.findIndex((agreed) => agreed !== undefined);
  const agreed = found[chosen];
  if (!agreed) return undefined;
  const media = offer.media.map((stream, index) =>
    index === chosen
      ? accepted(stream, agreed, local)
      : { ...stream, port: 0, formats: stream.formats.slice(0, 1), crypto: [] },
  );
  return { answer: describeLocal(local, media), agreed };
}

/**
 * An offer of our own: for a call out, or where the other side asks for one by sending none. Where encryption is
 * optional it is offered within an unencrypted profile: who does not know it passes the keys over.
 */
export function makeOffer(local: LocalMedia): SessionDescription {
  const { policy = usualPolicy, master } = local;
  const codecs = new Map<number, SdpCodec>();
  for (const name of policy.codecs ?? voiceCodecs) codecs.set(spoken[name].payloadType, spoken[name].codec);
  for (const [type, clockRateHz] of eventTypes) {
    if ([...codecs.values()].some((codec) => codec.clockRateHz === clockRateHz)) codecs.set(type, events(clockRateHz));
  }
  const mayEncrypt = allowsEncryption(policy) && master !== undefined;
  return describeLocal(local, [
    {
      kind: 'audio',
      port: local.port,
      protocol: policy.srtp === 'required' ? 'RTP/SAVP' : 'RTP/AVP',
      formats: [...codecs.keys()],
      address: local.address,
      direction: 'sendrecv',
      codecs,
      packetMs,
      crypto: mayEncrypt ? suites.map((suite, index) => ({ tag: index + 1, suite, master })) : [],
    },
  ]);
}

/** What was agreed by an answer to our offer; undefined when it took nothing of it. */
export function readAnswer(answer: SessionDescription, local: LocalRules = {}): AgreedMedia | undefined {
  for (const stream of answer.media) {
    const crypto = stream.crypto.find(({ tag, suite }) => suites[tag - 1] === suite);
    const agreed = agree(stream, local, crypto && secretOf(crypto, local));
    if (agreed) return agreed;
  }
  return undefined;
}

function describeLocal(local: LocalMedia, media: readonly MediaDescription[]): SessionDescription {
  return { origin: { sessionId: local.sessionId, version: String(local.version), address: local.address }, media };
}

function secretOf({ suite, master }: CryptoAttribute, local: LocalRules): Encryption | undefined {
  const { policy = usualPolicy, master: ours } = local;
  return allowsEncryption(policy) && ours ? { suite, ours, theirs: master } : undefined;
}

/** How we would speak over a stream; undefined when we can not, or must not. */
function agree(
  stream: MediaDescription,
  { policy = usualPolicy }: LocalRules,
  encryption: Encryption | undefined,
): AgreedMedia | undefined {
  const profile = /^RTP\/(S?)AVPF?$/.exec(stream.protocol);
  const payloadType = voiceType(stream, policy);
  const codec = payloadType === undefined ? undefined : nameOf(stream.codecs.get(payloadType));
  if (stream.kind !== 'audio' || !profile || stream.port === 0 || payloadType === undefined || !codec) return undefined;
  if (!encryption && (profile[1] === 'S' || policy.srtp === 'required')) return undefined;
  const held = unspecified.has(stream.address) || isIP(stream.address) === 0;
  const direction = mirrored(stream.direction);
  return {
    codec,
    payloadType,
    eventPayloadType: eventType(stream, spoken[codec].codec.clockRateHz),
    remote: held ? undefined : { address: stream.address, port: stream.port },
    direction: held && direction === 'sendrecv' ? 'recvonly' : direction,
    ...(encryption ? { encryption } : {}),
  };
}

function nameOf(codec: SdpCodec | undefined): VoiceCodecName | undefined {
  return voiceCodecs.find(
    (name) => codec?.name === spoken[name].codec.name && codec.clockRateHz === spoken[name].codec.clockRateHz,
  );
}

/** Our favourite where the policy has an order; else Opus, or the other side's favourite of the rest. */
function voiceType({ formats, codecs }: MediaDescription, { codecs: order }: MediaPolicy): number | undefined {
  let best: { type: number; rank: number } | undefined;
  for (const type of formats) {
    const name = nameOf(codecs.get(type));
    const rank = name === undefined ? -1 : order ? order.indexOf(name) : Number(name !== 'opus');
    if (rank >= 0 && (!best || rank < best.rank)) best = { type, rank };
  }
  return best?.type;
}

/** Keys belong to the voice's clock (RFC 4733 §2.1); many offer only 8,000 Hz beside Opus, and mean it. */
function eventType({ formats, codecs }: MediaDescription, clockRateHz: number): number | undefined {
  const types = formats.filter((type) => codecs.get(type)?.name === 'TELEPHONE-EVENT');
  return types.find((type) => codecs.get(type)?.clockRateHz === clockRateHz) ?? types[0];
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
  const { payloadType, eventPayloadType, codec, direction, encryption } = agreed;
  const codecs = new Map<number, SdpCodec>([[payloadType, spoken[codec].codec]]);
  const eventClockHz = eventPayloadType === undefined ? undefined : stream.codecs.get(eventPayloadType)?.clockRateHz;
  if (eventPayloadType !== undefined && eventClockHz !== undefined) codecs.set(eventPayloadType, events(eventClockHz));
  const taken = encryption && stream.crypto[0];
  return {
    ...stream,
    port: local.port,
    address: local.address,
    formats: [...codecs.keys()],
    codecs,
    direction,
    packetMs,
    crypto: taken ? [{ tag: taken.tag, suite: encryption.suite, master: encryption.ours }] : [],
  };
}
