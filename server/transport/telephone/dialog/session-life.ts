import { headerOf, type SipHeader, type SipMessage, type SipResponse, tokensOf } from '../message/sip-message.ts';
import type { After } from '../transaction/timing.ts';
import type { Requester } from './requester.ts';
import { askInterval, minimumOf, readInterval, type SessionInterval, SessionTimer } from './session-timer.ts';

export interface SessionLifeOptions {
  readonly after: After;
  readonly requester: Requester;
  readonly abilities: readonly SipHeader[];
  /** Refreshes by re-INVITE, with these headers too. */
  readonly reinvite: (headers: readonly SipHeader[]) => void;
  /** It was not refreshed, or nobody knows it any more. */
  readonly expired: () => void;
}

/** Keeps a session alive as RFC 4028 has it: who refreshes it, how, and when it is over. */
export class SessionLife {
  readonly #options: SessionLifeOptions;
  readonly #timer: SessionTimer;
  #theyUpdate = false;

  constructor(options: SessionLifeOptions) {
    const { after, expired } = options;
    this.#options = options;
    this.#timer = new SessionTimer(after, (intervalS) => this.#refresh(intervalS), expired);
  }

  /** What any message of the other side says of what it can. */
  hear(message: SipMessage): void {
    if (headerOf(message, 'allow') !== undefined) this.#theyUpdate = tokensOf(message, 'allow').has('update');
  }

  /** Agreed by a request of theirs, and our answer to it. */
  agreed(interval: SessionInterval): void {
    if (interval.status === 'agreed') this.#timer.restart(interval);
  }

  /** Agreed by a 2xx to a request of ours. */
  answered(response: SipResponse): void {
    const interval = readInterval(response);
    if (interval) this.#timer.restart(interval);
  }

  stop(): void {
    this.#timer.stop();
  }

  /** By UPDATE where the other side knows it, else by the INVITE that everybody knows (RFC 4028 §7.4). */
  #refresh(intervalS: number, minimumS?: number): void {
    const { requester, abilities, reinvite, expired } = this.#options;
    const headers = askInterval(intervalS, minimumS, 'uac');
    // Whatever is answered but 481 or 408 is a sign of life.
    this.#timer.restart({ intervalS, weRefresh: true });
    if (!this.#theyUpdate) {
      reinvite(headers);
      return;
    }
    const response = (answer: SipResponse): void => {
      const leastS = minimumOf(answer) ?? 0;
      if (answer.status === 481 || answer.status === 408) expired();
      else if (answer.status === 422 && leastS > (minimumS ?? 0)) this.#refresh(intervalS, leastS);
      else if (answer.status < 300) this.answered(answer);
    };
    requester.send('UPDATE', { headers: [...abilities, ...headers] }, { response, timeout: expired });
  }
}
