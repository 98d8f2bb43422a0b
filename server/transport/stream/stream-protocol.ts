import type { G711Law } from '../../audio/g711.ts';

/** What a carrier says over its stream, whoever it is. */
export type StreamMessage =
  | StreamStart
  | StreamAudio
  | { readonly kind: 'key'; readonly key: string }
  /** All audio that was sent before the mark has been played, or was cleared. */
  | { readonly kind: 'mark'; readonly name: string }
  | { readonly kind: 'stop' }
  /** What we sent was not understood. */
  | { readonly kind: 'fault'; readonly cause: string }
  /** Nothing that a call needs to know. */
  | { readonly kind: 'other' };

/** The first thing that counts: whose call it is, and how its audio is coded. */
export interface StreamStart {
  readonly kind: 'start';
  readonly streamId: string;
  /** The call, as the carrier names it. */
  readonly carrierCallId: string;
  /** Undefined for a codec that is not understood. */
  readonly law: G711Law | undefined;
  /** Empty where there is none. */
  readonly token: string;
}

export interface StreamAudio {
  readonly kind: 'audio';
  /** Counts the caller's chunks, from 1. */
  readonly chunk: number;
  /** Since the stream began. */
  readonly timestampMs: number;
  /** G.711, 8,000 Hz. */
  readonly payload: Uint8Array;
}

/** One carrier's messages: JSON text both ways. */
export interface StreamProtocol {
  /** Undefined for what is none of this carrier's messages. Never throws. */
  read(text: string): StreamMessage | undefined;
  /** @param payload G.711 µ-law, 8,000 Hz. */
  audio(streamId: string, payload: Uint8Array): string;
  /** Comes back once what was sent before it has been played. */
  mark(streamId: string, name: string): string;
  /** Drops what was sent and not yet played. Its marks come back at once. */
  clear(streamId: string): string;
}
