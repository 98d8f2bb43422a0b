import { maxMessageBytes, parseMessage, type ParseResult } from '../message/parse-message.ts';

/** No head of a message is longer; who sends more without an empty line is no telephone. */
const maxHeadBytes = 16_384;

export type Framed =
  | { readonly type: 'message'; readonly result: ParseResult }
  /** Two empty lines between messages: to be answered with one (RFC 5626 §4.4.1). */
  | { readonly type: 'ping' }
  /** Where the next message begins cannot be known any more: the connection has to be closed. */
  | { readonly type: 'broken'; readonly result: ParseResult | undefined };

/** Cuts a stream into messages by their Content-Length (RFC 3261 §18.3). */
export class Framer {
  #bytes: Buffer = Buffer.alloc(0);

  /** After `broken` nothing more comes out. */
  push(part: Uint8Array): Framed[] {
    this.#bytes = Buffer.concat([this.#bytes, part]);
    const framed: Framed[] = [];
    for (;;) {
      const one = this.#next();
      if (!one) return framed;
      framed.push(one);
      if (one.type === 'broken') return framed;
    }
  }

  #next(): Framed | undefined {
    if (this.#bytes.subarray(0, 4).toString('latin1') === '\r\n\r\n') {
      this.#drop(4);
      return { type: 'ping' };
    }
    // A single empty line is the answer to a ping of ours, or a habit. Half of one may still become two.
    while (this.#bytes.length > 2 && this.#bytes[0] === 0x0d && this.#bytes[1] === 0x0a && this.#bytes[2] !== 0x0d)
      this.#drop(2);
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return this.#bytes.length > maxHeadBytes ? this.#broken(undefined) : undefined;
    if (headEnd > maxHeadBytes) return this.#broken(undefined);
    const length = contentLength(this.#bytes.toString('latin1', 0, headEnd));
    const end = headEnd + 4 + (length ?? 0);
    if (length === undefined || end > maxMessageBytes)
      return this.#broken(parseMessage(this.#bytes.subarray(0, headEnd + 4)));
    if (this.#bytes.length < end) return undefined;
    const result = parseMessage(this.#bytes.subarray(0, end));
    this.#drop(end);
    return { type: 'message', result };
  }

  #broken(result: ParseResult | undefined): Framed {
    this.#bytes = Buffer.alloc(0);
    return { type: 'broken', result };
  }

  #drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }
}

/** Undefined where it is missing, which a stream does not allow, or no number. */
function contentLength(head: string): number | undefined {
  const match = /\r\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*(?:\r\n|$)/i.exec(head);
  return match ? Number(match[1]) : undefined;
}
