import type { DigestClient } from '../auth/digest-client.ts';
import { parseCSeq } from '../message/cseq.ts';
import { makeResponse, type ResponseParts } from '../message/make-response.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import {
  headerOf,
  noBody,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  tokensOf,
} from '../message/sip-message.ts';
import { parseSipUri } from '../message/uri.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import { type After, giveUpMs, repeat } from '../transaction/timing.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import { type Dialog, tagOf } from './dialog.ts';
import { keyOf } from './key-press.ts';
import { MediaAgreement, type MediaPlace } from './media-agreement.ts';
import { OwnOffer } from './own-offer.ts';
import { OwnRefer, type ReferOutcome, type ReferProgress } from './own-refer.ts';
import { Requester } from './requester.ts';
import { agreeInterval, askInterval, minimumOf, readInterval, SessionTimer } from './session-timer.ts';

export type SessionEnd = 'remote-hang-up' | 'no-ack' | 'session-expired' | 'hung-up';

export interface SessionListener {
  /** Agreed, or agreed anew: hold, another codec, another address. */
  media(agreed: AgreedMedia): void;
  /** The other side has confirmed our 2xx. */
  confirmed(): void;
  keyPressed(key: string): void;
  /** Once, whoever ended it. */
  ended(cause: SessionEnd): void;
  /** Nothing more will be said in the dialog. At the end, or shortly after it. */
  closed(): void;
}

export interface SessionOptions {
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly transactions: TransactionLayer;
  readonly after: After;
  /** 0 to 1. */
  readonly random: () => number;
  /** What we can do: `Allow`, `Supported`. */
  readonly abilities: readonly SipHeader[];
  readonly digest?: DigestClient | undefined;
  /** We made the dialog, and chose its Call-ID. */
  readonly weCalled: boolean;
  /** The way for requests to a URI. @param known how the peer was reached before. */
  readonly way: (uri: string, known: Flow) => Flow;
  readonly listener: SessionListener;
}

type Transaction = InviteServer | NonInviteServer;

/** A call from its answer to its hanging up, the same whoever called: what either side may ask in the dialog meanwhile. */
export class Session {
  readonly dialog: Dialog;
  readonly #options: SessionOptions;
  readonly #requester: Requester;
  readonly #timer: SessionTimer;
  readonly #ownOffer: OwnOffer;
  readonly #ownRefer: OwnRefer;
  #state: 'early' | 'confirmed' | 'closing' | 'over' = 'early';
  #media: MediaAgreement | undefined;
  /** Our last 2xx, until its ACK comes. `offered` when the ACK has to bring the answer. */
  #unconfirmed: { readonly sequence: number; readonly offered: boolean; readonly stop: () => void } | undefined;
  #theyUpdate = false;

  constructor(options: SessionOptions) {
    const { dialog, after, random, weCalled } = options;
    this.#options = options;
    this.dialog = dialog;
    this.#requester = new Requester({ ...options, digest: options.digest });
    this.#timer = new SessionTimer(
      after,
      (intervalS) => this.#refresh(intervalS),
      () => this.hangUp('session-expired'),
    );
    this.#ownOffer = new OwnOffer({
      requester: this.#requester,
      dialog,
      after,
      // RFC 3261 §14.1: whoever chose the Call-ID waits longer.
      glareMs: () => (weCalled ? 2_100 + Math.floor(random() * 1_900) : Math.floor(random() * 2_000)),
      answered: (response) => this.#takeAnswer(response),
      lost: () => this.hangUp('session-expired'),
    });
    this.#ownRefer = new OwnRefer({ requester: this.#requester, after, referredBy: dialog.localUri });
  }

  get state() {
    return this.#state;
  }

  /** Where our side's audio is, from now on. */
  open(media: MediaPlace | MediaAgreement): void {
    this.#media = media instanceof MediaAgreement ? media : new MediaAgreement(media);
  }

  /** The called side picks up. False without a codec in common: then nothing was sent. */
  accept(invite: InviteServer): boolean {
    const body = this.#describe(invite.request);
    if (!body) return false;
    this.#state = 'confirmed';
    this.#respondWithMedia(invite, body);
    return true;
  }

  /** The calling side was answered; the ACK is already on its way. */
  established(invite: SipRequest, response: SipResponse): void {
    this.#state = 'confirmed';
    this.dialog.confirm(response);
    this.#hear(response);
    const interval = readInterval(response);
    if (interval) this.#timer.restart(interval);
    this.confirm(invite);
  }

  /** Answered, but not wanted any more: confirmed, and hung up. */
  decline(invite: SipRequest, response: SipResponse): void {
    if (this.#state !== 'early') this.confirm(invite);
    else {
      this.established(invite, response);
      this.hangUp('hung-up');
    }
  }

  /** Sends the ACK of a 2xx. */
  confirm(invite: SipRequest): void {
    const { flow } = this.#requester;
    flow.send(serializeMessage(this.dialog.makeAck(invite, flow.transport)));
  }

  /** Hears no more of the other side, which is told to play its music; or hears it again. */
  hold(held: boolean): void {
    if (this.#state === 'confirmed') this.#offer(() => this.#media?.offer(held) ?? noBody);
  }

  /**
   * Asks the other side to call somebody else instead of us. Whatever comes of it, the call stays ours until one of us
   * hangs up.
   *
   * @param target a URI, or a number or extension at the other side.
   */
  refer(target: string, progress: (progress: ReferProgress) => void = () => undefined): Promise<ReferOutcome> {
    const uri = /^sips?:/i.test(target) ? target : this.dialog.uriThere(target);
    const isUri = parseSipUri(uri) !== undefined && !/[<>"\s]/.test(uri);
    if (this.#state !== 'confirmed' || !isUri) return Promise.resolve({ outcome: 'failed' });
    return this.#ownRefer.send(uri, progress);
  }

  hangUp(cause: SessionEnd): void {
    if (this.#state === 'closing' && cause === 'no-ack') this.#close();
    if (this.#state !== 'confirmed') return;
    // A BYE before the ACK would overtake our 2xx (RFC 3261 §15).
    if (this.#unconfirmed && cause !== 'no-ack') {
      this.#state = 'closing';
      this.#options.listener.ended(cause);
    } else this.#close(cause);
  }

  /** The ACK of a 2xx. */
  acknowledge(ack: SipRequest): void {
    const sequence = parseCSeq(headerOf(ack, 'cseq') ?? '')?.number;
    const confirmed = this.#unconfirmed;
    if (!confirmed || confirmed.sequence !== sequence || !this.#owns(ack)) return;
    this.#settled();
    if (this.#state === 'closing') {
      this.#close();
      return;
    }
    if (confirmed.offered) {
      const agreed = this.#media?.read(ack);
      if (!agreed) {
        this.hangUp('hung-up');
        return;
      }
      this.#options.listener.media(agreed);
    }
    this.#options.listener.confirmed();
    this.#ownOffer.next();
  }

  /** Whether a request that names our end names the other one too. */
  #owns(request: SipRequest): boolean {
    return tagOf(headerOf(request, 'from') ?? '') === this.dialog.remoteTag;
  }

  /** A re-INVITE: hold, another codec, another address, or only a sign of life. */
  reinvite(transaction: InviteServer): void {
    if (this.#state === 'closing' || this.#state === 'over' || !this.#owns(transaction.request)) {
      this.respond(transaction, 481);
    } else if (this.#state === 'early' || !this.dialog.takesSequence(transaction.request)) this.#tooEarly(transaction);
    else if (this.#unconfirmed || this.#ownOffer.pending) this.respond(transaction, 491);
    else this.#change(transaction);
  }

  /** Any other request in the dialog. */
  receive(transaction: NonInviteServer): void {
    const { request } = transaction;
    if (this.#state === 'over' || !this.#owns(request)) this.respond(transaction, 481);
    else if (!this.dialog.takesSequence(request)) this.#tooEarly(transaction);
    else this.#answerRequest(transaction);
  }

  respond(transaction: Transaction, status: number, parts: Omit<ResponseParts, 'toTag'> = {}): void {
    transaction.respond(makeResponse(transaction.request, status, { ...parts, toTag: this.dialog.localTag }));
  }

  #answerRequest(transaction: NonInviteServer): void {
    const { request } = transaction;
    const { listener, abilities } = this.#options;
    switch (request.method) {
      case 'BYE':
        this.respond(transaction, 200);
        this.#over(this.#state === 'closing' ? undefined : 'remote-hang-up');
        return;
      case 'UPDATE':
        if (this.#state !== 'confirmed' || (request.body.length > 0 && (this.#unconfirmed || this.#ownOffer.pending))) {
          this.respond(transaction, 491);
        } else this.#change(transaction);
        return;
      case 'INFO': {
        const key = keyOf(request);
        this.respond(transaction, 200);
        if (key !== undefined && this.#state === 'confirmed') listener.keyPressed(key);
        return;
      }
      case 'NOTIFY':
        this.respond(transaction, this.#ownRefer.hear(request) ? 200 : 481);
        return;
      case 'REFER':
        // Whoever calls us may not have us call others.
        this.respond(transaction, 603);
        return;
      case 'OPTIONS':
        this.respond(transaction, 200, { headers: abilities });
        return;
      default:
        this.respond(transaction, 405, { headers: abilities });
    }
  }

  #tooEarly(transaction: Transaction): void {
    this.respond(transaction, 500, { headers: [{ name: 'retry-after', value: '1' }] });
  }

  /** A re-INVITE or UPDATE: answered at once, as nobody has to be asked. */
  #change(transaction: Transaction): void {
    const { request, flow } = transaction;
    const interval = agreeInterval(request);
    if (interval.status === 'too-small') {
      this.respond(transaction, 422, { headers: interval.headers });
      return;
    }
    const silent = request.method === 'UPDATE' && request.body.length === 0;
    const body = silent ? noBody : this.#describe(request);
    if (!body) {
      this.respond(transaction, 488);
      return;
    }
    this.#hear(request, flow);
    this.#respondWithMedia(transaction, body);
  }

  /** Our side of the media, answering the request's offer or offering where it has none; tells the listener of the former. */
  #describe(request: SipRequest): Uint8Array | undefined {
    if (request.body.length === 0) return this.#media?.offer();
    const answer = this.#media?.answer(request);
    if (answer) this.#options.listener.media(answer.agreed);
    return answer?.body;
  }

  #respondWithMedia(transaction: Transaction, body: Uint8Array): void {
    const { abilities, after } = this.#options;
    const { request, flow } = transaction;
    const interval = agreeInterval(request);
    const session = interval.status === 'agreed' ? interval.headers : [];
    const type = body.length > 0 ? [{ name: 'content-type', value: 'application/sdp' }] : [];
    const headers = [...this.dialog.answerHeaders(flow.transport), ...abilities, ...session, ...type];
    const send = (): void => this.respond(transaction, 200, { headers, body });
    this.#theyUpdate = allowsUpdate(request, this.#theyUpdate);
    if (interval.status === 'agreed') this.#timer.restart(interval);
    send();
    if (request.method !== 'INVITE') return;
    // The ACK is from end to end: the transaction knows nothing of it (RFC 3261 §13.3.1.4).
    const stop = repeat(after, send);
    const giveUp = after(giveUpMs, () => {
      this.#settled();
      this.hangUp('no-ack');
    });
    this.#unconfirmed = {
      sequence: parseCSeq(headerOf(request, 'cseq') ?? '')?.number ?? 0,
      offered: request.body.length === 0,
      stop: () => {
        stop();
        giveUp();
      },
    };
  }

  #settled(): void {
    this.#unconfirmed?.stop();
    this.#unconfirmed = undefined;
  }

  /** What a message of the other side says of where it is and what it can. */
  #hear(message: SipMessage, flow = this.#requester.flow): void {
    this.dialog.refreshTarget(message);
    this.#theyUpdate = allowsUpdate(message, this.#theyUpdate);
    this.#requester.flow = this.#options.way(this.dialog.nextHop, flow);
  }

  #offer(body: () => Uint8Array, headers: readonly SipHeader[] = []): void {
    const { abilities } = this.#options;
    const type = { name: 'content-type', value: 'application/sdp' };
    this.#ownOffer.send(
      () => ({ headers: [...abilities, ...headers, type], body: body() }),
      this.#unconfirmed !== undefined,
    );
  }

  /** The 2xx of a re-INVITE of ours. */
  #takeAnswer(response: SipResponse): void {
    this.#hear(response);
    const interval = readInterval(response);
    if (interval) this.#timer.restart(interval);
    const agreed = this.#media?.read(response);
    if (agreed && this.#state === 'confirmed') this.#options.listener.media(agreed);
  }

  /** By UPDATE where the other side knows it, else by the INVITE that everybody knows (RFC 4028 §7.4). */
  #refresh(intervalS: number, minimumS?: number): void {
    if (this.#state !== 'confirmed') return;
    const headers = askInterval(intervalS, minimumS, 'uac');
    // Whatever is answered but 481 or 408 is a sign of life.
    this.#timer.restart({ intervalS, weRefresh: true });
    if (!this.#theyUpdate) {
      this.#offer(() => this.#media?.offer() ?? noBody, headers);
      return;
    }
    this.#requester.send(
      'UPDATE',
      { headers: [...this.#options.abilities, ...headers] },
      {
        response: (response) => {
          const { status } = response;
          const leastS = minimumOf(response);
          if (status === 481 || status === 408) this.hangUp('session-expired');
          else if (status === 422 && leastS !== undefined && leastS > (minimumS ?? 0)) this.#refresh(intervalS, leastS);
          else if (status < 300) {
            const interval = readInterval(response);
            if (interval && this.#state === 'confirmed') this.#timer.restart(interval);
          }
        },
        timeout: () => this.hangUp('session-expired'),
      },
    );
  }

  #close(cause?: SessionEnd): void {
    const nothing = (): void => undefined;
    this.#requester.send('BYE', {}, { response: nothing, timeout: nothing });
    this.#over(cause);
  }

  /** @param cause what the listener has not heard yet. */
  #over(cause: SessionEnd | undefined): void {
    const { listener } = this.#options;
    this.#state = 'over';
    this.#settled();
    this.#timer.stop();
    this.#ownOffer.stop();
    this.#ownRefer.stop();
    if (cause !== undefined) listener.ended(cause);
    listener.closed();
  }
}

function allowsUpdate(message: SipMessage, before: boolean): boolean {
  return headerOf(message, 'allow') === undefined ? before : tokensOf(message, 'allow').has('update');
}
