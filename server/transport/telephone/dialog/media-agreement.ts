import { headerOf, type SipMessage } from '../message/sip-message.ts';
import { type AgreedMedia, answerOffer, type LocalMedia, makeOffer, readAnswer } from '../sdp/answer.ts';
import { parseSdp } from '../sdp/parse-sdp.ts';
import type { SessionDescription } from '../sdp/session-description.ts';
import { writeSdp } from '../sdp/write-sdp.ts';

/** Where our side of the audio is, before it has been described for the first time. */
export type MediaPlace = Omit<LocalMedia, 'version'>;

/** One leg's offers and answers (RFC 3264): our description, whose version rises with each change, and what it led to. */
export class MediaAgreement {
  readonly #place: MediaPlace;
  #version = 0;
  #description = '';
  /** Our side listens to nobody: music is for the other side to play. */
  #held = false;

  constructor(place: MediaPlace) {
    this.#place = place;
  }

  /** An offer of ours. On hold it says that we only send. */
  offer(held = this.#held): Uint8Array {
    this.#held = held;
    return this.#write((local) => {
      const offer = makeOffer(local);
      if (!held) return offer;
      return { ...offer, media: offer.media.map((one) => ({ ...one, direction: 'sendonly' as const })) };
    });
  }

  /** Answers the offer in a message. Undefined without a codec in common. */
  answer(message: SipMessage): { body: Uint8Array; agreed: AgreedMedia } | undefined {
    const offer = describedIn(message);
    const result = offer && answerOffer(offer, { ...this.#place, version: this.#version });
    if (!offer || !result) return undefined;
    const body = this.#write((local) => answerOffer(offer, local)?.answer ?? result.answer);
    return { body, agreed: result.agreed };
  }

  /** Reads the answer to our offer. Undefined when there is none, or it took nothing. */
  read(message: SipMessage): AgreedMedia | undefined {
    const answer = describedIn(message);
    return answer && readAnswer(answer, this.#place);
  }

  #write(make: (local: LocalMedia) => SessionDescription): Uint8Array {
    const text = (): string => writeSdp(make({ ...this.#place, version: this.#version })).toString('latin1');
    if (text() !== this.#description) {
      this.#version += 1;
      this.#description = text();
    }
    return Buffer.from(this.#description, 'latin1');
  }
}

function describedIn(message: SipMessage): SessionDescription | undefined {
  return isSdp(message) ? parseSdp(message.body) : undefined;
}

export function isSdp(message: SipMessage): boolean {
  return headerOf(message, 'content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/sdp';
}
