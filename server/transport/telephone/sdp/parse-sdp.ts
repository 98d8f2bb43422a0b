import { type CryptoAttribute, parseCrypto } from './crypto-attribute.ts';
import {
  type Direction,
  type MediaDescription,
  type SdpCodec,
  type SessionDescription,
  staticCodecs,
} from './session-description.ts';

const maxSdpBytes = 16_384;
const maxLines = 500;
const maxMedia = 16;
/** Of the keys that a stream offers, those that are looked at. */
const maxCrypto = 16;
const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

interface Draft {
  kind: string;
  port: number;
  protocol: string;
  formats: number[];
  address: string | undefined;
  direction: Direction | undefined;
  codecs: Map<number, SdpCodec>;
  parameters: Map<number, string>;
  packetMs: number | undefined;
  crypto: CryptoAttribute[];
}

/** The description, or undefined where it cannot be one. Lines and attributes it does not know are passed over. */
export function parseSdp(bytes: Uint8Array): SessionDescription | undefined {
  if (bytes.length > maxSdpBytes) return undefined;
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/, maxLines);
  if (lines[0] !== 'v=0') return undefined;
  const media: Draft[] = [];
  let origin: SessionDescription['origin'] | undefined;
  let address: string | undefined;
  let direction: Direction = 'sendrecv';
  for (const line of lines) {
    const value = line.slice(2);
    const current = media.at(-1);
    if (line.startsWith('o=')) origin = parseOrigin(value);
    else if (line.startsWith('m=')) {
      const draft = parseMedia(value);
      if (!draft || media.length >= maxMedia) return undefined;
      media.push(draft);
    } else if (line.startsWith('c=')) {
      const connection = parseConnection(value);
      if (connection === undefined) return undefined;
      if (current) current.address = connection;
      else address = connection;
    } else if (line.startsWith('a=')) {
      const named = directions.find((one) => one === value);
      if (named && current) current.direction = named;
      else if (named) direction = named;
      else if (current) readAttribute(current, value);
    }
  }
  if (!origin) return undefined;
  const described = media.map((draft) => describe(draft, address, direction));
  return described.every((one) => one !== undefined) ? { origin, media: described } : undefined;
}

function parseOrigin(value: string): SessionDescription['origin'] | undefined {
  const match = /^\S+ ([0-9]{1,40}) ([0-9]{1,40}) IN IP[46] (\S{1,255})$/.exec(value);
  if (!match) return undefined;
  const [, sessionId = '', version = '', address = ''] = match;
  return { sessionId, version, address };
}

function parseConnection(value: string): string | undefined {
  return /^IN IP[46] ([A-Za-z0-9.:-]{1,255})(?:\/[0-9/]{1,20})?$/.exec(value)?.[1];
}

function parseMedia(value: string): Draft | undefined {
  const match = /^([a-z]{1,20}) ([0-9]{1,5})(?:\/[0-9]{1,3})? ([A-Za-z0-9/]{1,40})((?: \S{1,20}){1,64})$/.exec(value);
  if (!match) return undefined;
  const [, kind = '', port = '', protocol = '', formats = ''] = match;
  if (Number(port) > 65_535) return undefined;
  const payloadTypes = formats
    .trim()
    .split(' ')
    .filter((format) => /^[0-9]{1,3}$/.test(format));
  return {
    kind,
    port: Number(port),
    protocol,
    formats: payloadTypes.map(Number).filter((type) => type < 128),
    address: undefined,
    direction: undefined,
    codecs: new Map(),
    parameters: new Map(),
    packetMs: undefined,
    crypto: [],
  };
}

function readAttribute(draft: Draft, value: string): void {
  const map = /^rtpmap:([0-9]{1,3}) ([A-Za-z0-9._-]{1,40})\/([0-9]{1,6})(?:\/[0-9]{1,2})?\s*$/.exec(value);
  if (map) {
    const [, type = '', name = '', rate = ''] = map;
    draft.codecs.set(Number(type), { name: name.toUpperCase(), clockRateHz: Number(rate), parameters: '' });
    return;
  }
  const format = /^fmtp:([0-9]{1,3}) (.{1,400})$/.exec(value);
  if (format) draft.parameters.set(Number(format[1]), format[2] ?? '');
  const crypto = value.startsWith('crypto:') ? parseCrypto(value.slice('crypto:'.length)) : undefined;
  if (crypto && draft.crypto.length < maxCrypto) draft.crypto.push(crypto);
  const packet = /^ptime:([0-9]{1,3})(?:\.[0-9]+)?\s*$/.exec(value);
  if (packet) draft.packetMs = Number(packet[1]);
}

function describe(draft: Draft, address: string | undefined, direction: Direction): MediaDescription | undefined {
  const { kind, port, protocol, formats, packetMs, crypto } = draft;
  const place = draft.address ?? address;
  // A stream that is switched off needs no address.
  if (place === undefined && port !== 0) return undefined;
  const codecs = new Map<number, SdpCodec>();
  for (const type of formats) {
    const codec = draft.codecs.get(type) ?? staticCodecs.get(type);
    if (codec) codecs.set(type, { ...codec, parameters: draft.parameters.get(type) ?? '' });
  }
  return {
    kind,
    port,
    protocol,
    formats,
    address: place ?? '0.0.0.0',
    direction: draft.direction ?? direction,
    codecs,
    packetMs,
    crypto,
  };
}
