import { encodePage, type OggPage } from './ogg.ts';

/** RFC 7845 counts samples at 48,000 Hz, whatever the encoder was given. */
const granulesPerFrame = 960;

export interface OpusStreamOptions {
  /** Any number that no other stream of the same file has. */
  readonly serial: number;
  readonly channels: 1 | 2;
  /** What the encoder was given. Players show it; they decode at a rate of their own. */
  readonly inputRateHz: number;
  /** The encoder's look-ahead: samples at 48,000 Hz that a player leaves out at the beginning. */
  readonly preSkip: number;
  /** Shown by players, as `TITLE=…`. */
  readonly comments?: readonly string[];
}

/** Opus packets of 20 ms, in Ogg (RFC 7845). What was written so far can be played at any time. */
export class OggOpusStream {
  readonly #options: OpusStreamOptions;
  #sequence = 0;
  #granule = 0n;

  constructor(options: OpusStreamOptions) {
    this.#options = options;
  }

  /** The two pages that a file begins with. */
  head(): Uint8Array<ArrayBuffer> {
    const head = this.#page([idHeader(this.#options)], { first: true });
    const tags = this.#page([commentHeader(this.#options.comments ?? [])], {});
    const both = new Uint8Array(head.length + tags.length);
    both.set(head);
    both.set(tags, head.length);
    return both;
  }

  /** @param packets a second of them is a good page. */
  page(packets: readonly Uint8Array[], last = false): Uint8Array<ArrayBuffer> {
    this.#granule += BigInt(packets.length * granulesPerFrame);
    return this.#page(packets, { last });
  }

  #page(packets: readonly Uint8Array[], kind: Pick<OggPage, 'first' | 'last'>): Uint8Array<ArrayBuffer> {
    const { serial } = this.#options;
    const page = encodePage({ serial, sequence: this.#sequence, granule: this.#granule, packets, ...kind });
    this.#sequence += 1;
    return page;
  }
}

/** RFC 7845 §5.1. */
function idHeader({ channels, preSkip, inputRateHz }: OpusStreamOptions): Uint8Array {
  const header = new Uint8Array(19);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode('OpusHead'));
  header[8] = 1;
  header[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, inputRateHz, true);
  // Output gain 0; mapping family 0: left, right.
  return header;
}

/** RFC 7845 §5.2. */
function commentHeader(comments: readonly string[]): Uint8Array {
  const texts = ['Parley', ...comments].map((text) => new TextEncoder().encode(text));
  const header = new Uint8Array(8 + 4 + texts.reduce((sum, text) => sum + 4 + text.length, 0));
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode('OpusTags'));
  let at = 8;
  for (const [index, text] of texts.entries()) {
    view.setUint32(at, text.length, true);
    header.set(text, at + 4);
    at += 4 + text.length;
    // After the vendor stands how many comments follow.
    if (index === 0) {
      view.setUint32(at, comments.length, true);
      at += 4;
    }
  }
  return header;
}
