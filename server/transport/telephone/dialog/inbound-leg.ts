import { makeResponse, type ResponseParts } from '../message/make-response.ts';
import { headerOf, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import { type AgreedMedia, answerOffer, type LocalMedia, makeOffer, readAnswer } from '../sdp/answer.ts';
import { parseSdp } from '../sdp/parse-sdp.ts';
import type { SessionDescription } from '../sdp/session-description.ts';
import { writeSdp } from '../sdp/write-sdp.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import { type After, giveUpMs, repeat } from '../transaction/timing.ts';
import { Dialog, type LocalEndpoint, type NewId } from './dialog.ts';
import { keyOf } from './key-press.ts';
import { agreeInterval, type SessionInterval, SessionTimer } from './session-timer.ts';

/** Why a leg is over. */
export type LegEnd = 'caller-hang-up' | 'cancelled' | 'refused' | 'no-ack' | 'session-expired' | 'hung-up';

export interface LegListener {
  /** Agreed, or agreed anew: hold, another codec, another address. */
  media(agreed: AgreedMedia): void;
  /** The caller has confirmed our answer. */
  confirmed(): void;
  keyPressed(key: string): void;
  /** Once, whoever ended it. */
  ended(cause: LegEnd): void;
}

export interface LegOptions {
  readonly invite: InviteServer;
  readonly local: LocalEndpoint;
  readonly transactions: TransactionLayer;
  readonly after: After;
  readonly newId: NewId;
  readonly headers: readonly SipHeader[];
  readonly onEnd: (leg: InboundLeg) => void;
}

/** A call that came in: its INVITE, and all that follows in its dialog until somebody hangs up. */
export class InboundLeg {
  readonly dialog: Dialog;
  readonly request: SipRequest;
  readonly #options: LegOptions;
  readonly #timer: SessionTimer;
  #listener: LegListener | undefined;
  #state: 'ringing' | 'answered' | 'over' = 'ringing';
  #media: { local: Omit<LocalMedia, 'version'>; version: number; description: string } | undefined;
  /** We made the offer; its answer comes with the ACK. */
  #offered = false;
  #stopRepeating: (() => void) | undefined;

  constructor(options: LegOptions) {
    this.#options = options;
    this.request = options.invite.request;
    this.dialog = new Dialog(this.request, options.newId(), options.local, options.newId);
    this.#timer = new SessionTimer(
      options.after,
      () => this.#refresh(),
      () => this.#hangUp('session-expired'),
    );
  }

  listen(listener: LegListener): void {
    this.#listener = listener;
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  ring(): void {
    if (this.#state === 'ringing') this.#respond(this.#options.invite, 180, { headers: this.#dialogHeaders() });
  }

  /**
   * Picks up. False, with the caller told, when the two sides have no codec in common or the caller is gone.
   *
   * @param media where the caller's audio is to go.
   */
  answer(media: Omit<LocalMedia, 'version'>): boolean {
    if (this.#state !== 'ringing') return false;
    this.#media = { local: media, version: 0, description: '' };
    const interval = agreeInterval(this.request);
    const body = this.#describe(this.request);
    if (!body) {
      this.refuse(488);
      return false;
    }
    this.#state = 'answered';
    this.#accept(this.#options.invite, body, interval);
    return true;
  }

  /** Does not pick up. */
  refuse(status: number, headers: readonly SipHeader[] = []): void {
    if (this.#state !== 'ringing') return;
    this.#respond(this.#options.invite, status, { headers });
    this.#over('refused');
  }

  hangUp(): void {
    if (this.#state === 'ringing') this.refuse(503);
    else this.#hangUp('hung-up');
  }

  cancel(): void {
    if (this.#state !== 'ringing') return;
    this.#respond(this.#options.invite, 487);
    this.#over('cancelled');
  }

  /** The ACK of a 2xx. */
  acknowledge(ack: SipRequest): void {
    if (this.#state !== 'answered' || !this.#stopRepeating) return;
    this.#stopRepeating();
    this.#stopRepeating = undefined;
    if (this.#offered) {
      this.#offered = false;
      const answer = parseSdp(ack.body);
      const agreed = answer && readAnswer(answer, this.#media?.local);
      if (!agreed) {
        this.#hangUp('hung-up');
        return;
      }
      this.#listener?.media(agreed);
    }
    this.#listener?.confirmed();
  }

  /** A re-INVITE: hold, another codec, another address, or only a sign of life. */
  reinvite(transaction: InviteServer): void {
    const { request } = transaction;
    if (this.#state !== 'answered') this.#respond(transaction, 481);
    else if (!this.dialog.takesSequence(request)) this.#respond(transaction, 500, { headers: [retryAfter(1)] });
    else if (this.#stopRepeating) this.#respond(transaction, 491);
    else this.#change(transaction);
  }

  /** Any other request in the dialog. */
  receive(transaction: NonInviteServer): void {
    const { request } = transaction;
    if (this.#state === 'over') this.#respond(transaction, 481);
    else if (!this.dialog.takesSequence(request)) this.#respond(transaction, 500, { headers: [retryAfter(1)] });
    else this.#answerRequest(transaction);
  }

  #answerRequest(transaction: NonInviteServer): void {
    const { request } = transaction;
    switch (request.method) {
      case 'BYE':
        this.#respond(transaction, 200);
        if (this.#state === 'ringing') this.#respond(this.#options.invite, 487);
        this.#over('caller-hang-up');
        return;
      case 'UPDATE':
        if (this.#state !== 'answered' || (request.body.length > 0 && this.#stopRepeating)) {
          this.#respond(transaction, 491);
        } else this.#change(transaction);
        return;
      case 'INFO': {
        const key = keyOf(request);
        this.#respond(transaction, 200);
        if (key !== undefined && this.#state === 'answered') this.#listener?.keyPressed(key);
        return;
      }
      case 'OPTIONS':
        this.#respond(transaction, 200);
        return;
      default:
        this.#respond(transaction, 405, { headers: this.#options.headers });
    }
  }

  /** A re-INVITE or UPDATE: answered at once, as nobody has to be asked. */
  #change(transaction: InviteServer | NonInviteServer): void {
    const { request } = transaction;
    const interval = agreeInterval(request);
    if (interval.status === 'too-small') {
      this.#respond(transaction, 422, { headers: interval.headers });
      return;
    }
    const silent = request.method === 'UPDATE' && request.body.length === 0;
    const body = silent ? new Uint8Array() : this.#describe(request);
    if (!body) {
      this.#respond(transaction, 488);
      return;
    }
    this.dialog.refreshTarget(request);
    this.#accept(transaction, body, interval);
  }

  /** Our side of the media, answering the request's offer or offering where it has none; tells the listener of the former. */
  #describe(request: SipRequest): Uint8Array | undefined {
    const media = this.#media;
    if (!media) return undefined;
    const write = (make: (local: LocalMedia) => SessionDescription): Uint8Array => {
      const now = writeSdp(make({ ...media.local, version: media.version })).toString('latin1');
      if (now === media.description) return Buffer.from(now, 'latin1');
      media.version += 1;
      media.description = writeSdp(make({ ...media.local, version: media.version })).toString('latin1');
      return Buffer.from(media.description, 'latin1');
    };
    if (request.body.length === 0) {
      this.#offered = true;
      return write(makeOffer);
    }
    const offer = isSdp(request) ? parseSdp(request.body) : undefined;
    const result = offer && answerOffer(offer, { ...media.local, version: media.version });
    if (!offer || !result) return undefined;
    const body = write((local) => answerOffer(offer, local)?.answer ?? result.answer);
    this.#listener?.media(result.agreed);
    return body;
  }

  #accept(transaction: InviteServer | NonInviteServer, body: Uint8Array, interval: SessionInterval): void {
    const session = interval.status === 'agreed' ? interval.headers : [];
    const type = body.length > 0 ? [{ name: 'content-type', value: 'application/sdp' }] : [];
    const headers = [...this.#dialogHeaders(), ...this.#options.headers, ...session, ...type];
    const send = (): void => this.#respond(transaction, 200, { headers, body });
    send();
    this.#timer.restart(interval);
    if (transaction.request.method !== 'INVITE') return;
    // The ACK is from end to end: the transaction knows nothing of it (RFC 3261 §13.3.1.4).
    const stop = repeat(this.#options.after, send);
    const giveUp = this.#options.after(giveUpMs, () => this.#hangUp('no-ack'));
    this.#stopRepeating = () => {
      stop();
      giveUp();
    };
  }

  #dialogHeaders(): SipHeader[] {
    return this.dialog.answerHeaders(this.#options.invite.flow.transport);
  }

  #respond(
    transaction: InviteServer | NonInviteServer,
    status: number,
    parts: Omit<ResponseParts, 'toTag'> = {},
  ): void {
    transaction.respond(makeResponse(transaction.request, status, { ...parts, toTag: this.dialog.localTag }));
  }

  /** UPDATE is enough; who does not know it answers 405, which is a sign of life as well. */
  #refresh(): void {
    const { transactions, invite } = this.#options;
    const interval = agreeInterval(this.request);
    if (interval.status !== 'agreed') return;
    const headers = [
      { name: 'supported', value: 'timer' },
      { name: 'session-expires', value: `${interval.intervalS};refresher=uac` },
    ];
    transactions.send(this.dialog.makeRequest('UPDATE', invite.flow.transport, headers), invite.flow, {
      response: ({ status }) => {
        if (status === 481 || status === 408) this.#hangUp('session-expired');
        else if (status >= 200) this.#timer.restart({ ...interval, weRefresh: true });
      },
      timeout: () => this.#hangUp('session-expired'),
    });
  }

  #hangUp(cause: LegEnd): void {
    if (this.#state !== 'answered') return;
    const { transactions, invite } = this.#options;
    const nothing = (): void => undefined;
    const bye = this.dialog.makeRequest('BYE', invite.flow.transport);
    transactions.send(bye, invite.flow, { response: nothing, timeout: nothing });
    this.#over(cause);
  }

  #over(cause: LegEnd): void {
    this.#state = 'over';
    this.#stopRepeating?.();
    this.#stopRepeating = undefined;
    this.#timer.stop();
    this.#options.onEnd(this);
    this.#listener?.ended(cause);
  }
}

const retryAfter = (seconds: number): SipHeader => ({ name: 'retry-after', value: String(seconds) });

export function isSdp(request: SipRequest): boolean {
  return headerOf(request, 'content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/sdp';
}
