import type { RtpCapabilities, RtpCodecParameters } from 'mediasoup/types';
import { ComfortNoise } from '../../audio/comfort-noise.ts';
import { frameSamples } from '../../audio/frame.ts';
import type { G711Law } from '../../audio/g711.ts';
import { OpusDecoder, OpusEncoder } from '../../audio/opus.ts';
import { PlainEar } from '../../audio/plain-ear.ts';
import { G711Codec } from '../rtp/g711-codec.ts';
import { lawTypes, typeOfLaw } from '../rtp/payload-types.ts';
import type { VoiceEncoder } from '../rtp/sent-stream.ts';

const opusType = 100;

/** How our voice goes to a page. */
export interface PageVoice {
  readonly law: G711Law | undefined;
  readonly encoder: VoiceEncoder;
  readonly parameters: RtpCodecParameters;
}

/** How a page's voice is heard: Int16 mono at 16,000 Hz. */
export interface PageHearing {
  readonly law: G711Law | undefined;
  /** Undefined for bytes that are nothing of the kind. */
  decode(payload: Uint8Array): Int16Array | undefined;
  /** Stands in for a packet that did not come. */
  lost(): Int16Array;
}

/** What a page is offered: Opus, and before it the law of a telephone that it is to talk with. */
export function offeredCapabilities({ codecs = [], ...rest }: RtpCapabilities, law: G711Law | undefined) {
  const wanted = [...(law ? [mimeTypeOf(law)] : []), 'audio/opus'];
  return { ...rest, codecs: wanted.flatMap((name) => codecs.filter(({ mimeType }) => isSame(mimeType, name))) };
}

export function pageVoice(law: G711Law | undefined): PageVoice {
  if (law) {
    const parameters = { mimeType: mimeTypeOf(law), payloadType: typeOfLaw[law], clockRate: 8_000 } as const;
    return { law, encoder: g711(law), parameters };
  }
  const encoder = new OpusEncoder();
  return {
    law,
    encoder: { clockRateHz: 48_000, encode: (frame) => encoder.encode(frame) },
    parameters: {
      mimeType: 'audio/opus',
      payloadType: opusType,
      clockRate: 48_000,
      channels: 2,
      parameters: { useinbandfec: 1, 'sprop-stereo': 0 },
    },
  };
}

/** @param mimeType of what the page sends, one of the router's. */
export function pageHearing(mimeType: string | undefined): PageHearing {
  const law = [...lawTypes.values()].find((one) => isSame(mimeTypeOf(one), mimeType));
  if (law) {
    const codec = g711(law);
    return {
      law,
      decode: (payload) => codec.forEar(codec.decode(typeOfLaw[law], payload)),
      lost: () => codec.forEar(codec.lost()),
    };
  }
  const decoder = new OpusDecoder();
  return { law: undefined, decode: (payload) => tryDecode(decoder, payload), lost: () => new Int16Array(frameSamples) };
}

const mimeTypeOf = (law: G711Law) => `audio/${law}` as const;

const isSame = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

const g711 = (law: G711Law): G711Codec => new G711Codec(law, typeOfLaw[law], new PlainEar(), new ComfortNoise(1));

function tryDecode(decoder: OpusDecoder, payload: Uint8Array): Int16Array | undefined {
  try {
    return decoder.decode(payload);
  } catch {
    // A broken packet is a lost packet: anyone may send garbage.
    return undefined;
  }
}
