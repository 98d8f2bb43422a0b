import { makeResponse, type ResponseParts } from '../message/make-response.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import {
  headerOf,
  noBody,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message/sip-message.ts';
import { parseSipUri } from '../message/uri.ts';
import type { Replaces } from '../message/replaces.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import { type Dialog, tagOf } from './dialog.ts';
import { keyOf, keys } from './key-press.ts';
import { MediaAgreement, type MediaPlace } from './media-agreement.ts';
import { OwnOffer } from './own-offer.ts';
import { OwnRefer, type ReferOutcome, type ReferProgress } from './own-refer.ts';
import { Requester } from './requester.ts';
import { rackHeader, rseqOf } from './provisional.ts';
import { SessionLife } from './session-life.ts';
import type { SessionEnd, SessionListener, SessionOptions } from './session-options.ts';
import { agreeInterval } from './session-timer.ts';
import { UntilAck } from './until-ack.ts';

type Transaction = InviteServer | NonInviteServer;

const retrySoon: SipHeader = { name: 'retry-after', value: '1' };

/** A call from its answer to its hanging up, the same whoever called: what either side may ask in the dialog meanwhile. */
export class Session {
  readonly dialog: Dialog;
  readonly #options: SessionOptions;
  readonly #requester: Requester;
  readonly #life: SessionLife;
  readonly #untilAck: UntilAck;
  readonly #ownOffer: OwnOffer;
  readonly #ownRefer: OwnRefer;
  #state: 'early' | 'confirmed' | 'closing' | 'over' = 'early';
  #listener: SessionListener;
  #media: MediaAgreement | undefined;
  /** Of the last provisional answer that we confirmed. */
  #rseq: number | undefined;

  constructor(options: SessionOptions) {
    const { dialog, after, random, weCalled } = options;
    this.#options = options;
    this.#listener = options.listener;
    this.dialog = dialog;
    this.#requester = new Requester({ ...options, digest: options.digest });
    this.#life = new SessionLife({
      after,
      requester: this.#requester,
      abilities: options.abilities,
      reinvite: (headers) => this.#offer(() => this.#media?.offer() ?? noBody, headers),
      expired: () => this.hangUp('session-expired'),
    });
    this.#untilAck = new UntilAck(after, () => this.hangUp('no-ack'));
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

  get isOpen(): boolean {
    return this.#media !== undefined;
  }

  /** The called side picks up. False without a codec in common: then nothing was sent. */
  accept(invite: InviteServer): boolean {
    const body = this.#describe(invite.request);
    if (!body) return false;
    this.#state = 'confirmed';
    this.#respondWithMedia(invite, body);
    return true;
  }

  /** The calling side was answered: sends the ACK. */
  established(invite: SipRequest, response: SipResponse): void {
    this.#state = 'confirmed';
    this.dialog.confirm(response);
    this.#hear(response);
    this.#life.answered(response);
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

  /** Confirms a provisional answer that wants it (RFC 3262 §4). False for one that came before, or too early. */
  takesProvisional(response: SipResponse): boolean {
    const rseq = rseqOf(response);
    if (rseq === undefined) return true;
    if (this.#rseq !== undefined && rseq !== this.#rseq + 1) return false;
    this.#rseq = rseq;
    this.#hear(response);
    const nothing = (): void => undefined;
    this.#requester.send('PRACK', { headers: [rackHeader(response, rseq)] }, { response: nothing, timeout: nothing });
    return true;
  }

  /** Presses a key by SIP INFO, for a side that takes no RFC 4733 events. */
  pressKey(key: string): void {
    if (this.#state !== 'confirmed' || key.length !== 1 || !keys.includes(key)) return;
    const nothing = (): void => undefined;
    const parts = {
      headers: [{ name: 'content-type', value: 'application/dtmf-relay' }],
      body: Buffer.from(`Signal=${key}\r\nDuration=160\r\n`),
    };
    this.#requester.send('INFO', parts, { response: nothing, timeout: nothing });
  }

  /** Why a dialog that an INVITE wants to take over is not this one, or not to be had (RFC 3891 §3). */
  replaceRefusal({ callId, toTag, fromTag, earlyOnly }: Replaces): 481 | 486 | undefined {
    const { dialog } = this;
    const isThis = callId === dialog.callId && toTag === dialog.localTag && fromTag === dialog.remoteTag;
    if (!isThis || this.#state !== 'confirmed') return 481;
    return earlyOnly ? 486 : undefined;
  }

  /**
   * Another telephone takes the other side's place: its INVITE is answered with the media that this call has, which is
   * hung up without a word to its listener. Undefined without a codec in common: then all stays as it was.
   */
  succeededBy(invite: InviteServer, dialog: Dialog, listener: SessionListener): Session | undefined {
    if (!this.#media) return undefined;
    const { digest: _, ...options } = this.#options;
    const successor = new Session({ ...options, dialog, listener, flow: invite.flow, weCalled: false });
    successor.open(this.#media);
    if (!successor.accept(invite)) return undefined;
    const nothing = (): void => undefined;
    const { closed } = this.#listener;
    this.#listener = { media: nothing, confirmed: nothing, keyPressed: nothing, ended: nothing, closed };
    this.hangUp('hung-up');
    return successor;
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
    if (this.#untilAck.pending && cause !== 'no-ack') {
      this.#state = 'closing';
      this.#listener.ended(cause);
    } else this.#close(cause);
  }

  /** The ACK of a 2xx. */
  acknowledge(ack: SipRequest): void {
    const confirmed = this.#owns(ack) ? this.#untilAck.confirm(ack) : undefined;
    if (!confirmed) return;
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
      this.#listener.media(agreed);
    }
    this.#listener.confirmed();
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
    else if (this.#untilAck.pending || this.#ownOffer.pending) this.respond(transaction, 491);
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
    const { abilities } = this.#options;
    const listener = this.#listener;
    switch (request.method) {
      case 'BYE':
        this.respond(transaction, 200);
        this.#over(this.#state === 'closing' ? undefined : 'remote-hang-up');
        return;
      case 'UPDATE':
        if (this.#maySettle(request)) this.#change(transaction);
        else this.respond(transaction, this.#state === 'early' ? 500 : 491, { headers: [retrySoon] });
        return;
      case 'PRACK':
        // An offer in it would need an answer before the call has one.
        if (request.body.length > 0) this.respond(transaction, 488);
        else this.respond(transaction, listener.provisionalConfirmed?.(request) ? 200 : 481);
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

  /** An UPDATE may change the media once an offer has been answered, also before the call is (RFC 3311 §5.2). */
  #maySettle(update: SipRequest): boolean {
    if (update.body.length === 0) return this.#state !== 'closing';
    const isOpen = this.#state === 'confirmed' || (this.#state === 'early' && this.#media !== undefined);
    return isOpen && !this.#untilAck.pending && !this.#ownOffer.pending;
  }

  #tooEarly(transaction: Transaction): void {
    this.respond(transaction, 500, { headers: [retrySoon] });
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
    if (answer) this.#listener.media(answer.agreed);
    return answer?.body;
  }

  #respondWithMedia(transaction: Transaction, body: Uint8Array): void {
    const { abilities } = this.#options;
    const { request, flow } = transaction;
    const interval = agreeInterval(request);
    const session = interval.status === 'agreed' ? interval.headers : [];
    const type = body.length > 0 ? [{ name: 'content-type', value: 'application/sdp' }] : [];
    const headers = [...this.dialog.answerHeaders(flow.transport), ...abilities, ...session, ...type];
    const send = (): void => this.respond(transaction, 200, { headers, body });
    this.#life.hear(request);
    this.#life.agreed(interval);
    if (request.method === 'INVITE') this.#untilAck.send(request, send);
    else send();
  }

  /** What a message of the other side says of where it is and what it can. */
  #hear(message: SipMessage, flow = this.#requester.flow): void {
    this.dialog.refreshTarget(message);
    this.#life.hear(message);
    this.#requester.flow = this.#options.way(this.dialog.nextHop, flow);
  }

  #offer(body: () => Uint8Array, headers: readonly SipHeader[] = []): void {
    const { abilities } = this.#options;
    const type = { name: 'content-type', value: 'application/sdp' };
    this.#ownOffer.send(() => ({ headers: [...abilities, ...headers, type], body: body() }), this.#untilAck.pending);
  }

  /** The 2xx of a re-INVITE of ours. */
  #takeAnswer(response: SipResponse): void {
    this.#hear(response);
    this.#life.answered(response);
    const agreed = this.#media?.read(response);
    if (agreed && this.#state === 'confirmed') this.#listener.media(agreed);
  }

  #close(cause?: SessionEnd): void {
    const nothing = (): void => undefined;
    this.#requester.send('BYE', {}, { response: nothing, timeout: nothing });
    this.#over(cause);
  }

  /** @param cause what the listener has not heard yet. */
  #over(cause: SessionEnd | undefined): void {
    const listener = this.#listener;
    this.#state = 'over';
    this.#untilAck.stop();
    this.#life.stop();
    this.#ownOffer.stop();
    this.#ownRefer.stop();
    if (cause !== undefined) listener.ended(cause);
    listener.closed();
  }
}
