import { digitsIn } from '../../dialogue/capture/digits.ts';
import type { ExpectedReply, Recognizer, Transcript } from '../../server/agent/listen/recognizer.ts';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { throughLine, type LineKind } from './line.ts';

/** Makes the embedded recogniser. */
export interface Recognizers {
  create(): Promise<Recognizer>;
}

/** The product's ear at the end of a telephone line, for one call: repair of the band, then recognition. */
export class Ear {
  readonly #recognizer: Recognizer;
  readonly #band = new BandExtension();
  readonly #line: LineKind;

  private constructor(recognizer: Recognizer, line: LineKind) {
    this.#recognizer = recognizer;
    this.#line = line;
  }

  static async open(factory: Recognizers, line: LineKind): Promise<Ear> {
    const recognizer = await factory.create();
    recognizer.byTelephone?.();
    return new Ear(recognizer, line);
  }

  /** @param samples Int16 mono at 8,000 Hz. */
  hear(samples: Int16Array, reply: ExpectedReply): Promise<Transcript> {
    this.#recognizer.expect?.(reply);
    this.#recognizer.feed(this.#band.push(throughLine(samples, this.#line)));
    return this.#recognizer.finish();
  }

  close(): Promise<void> {
    return this.#recognizer.close();
  }
}

export const digitsOf = (text: string): string => digitsIn(text.split(' '));
