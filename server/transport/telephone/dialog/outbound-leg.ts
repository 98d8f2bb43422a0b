import { makeResponse } from '../message/make-response.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { Replaces } from '../message/replaces.ts';
import { headerOf, listOf, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { InviteClient } from '../transaction/invite-client.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import type { Flow } from '../transport/flow.ts';
import type { OpenWay } from '../transport/network.ts';
import { Dialog, tagOf } from './dialog.ts';
import { MediaAgreement } from './media-agreement.ts';
import { endOf, type OutboundEnd } from './outbound-end.ts';
import type { ReferOutcome, ReferProgress } from './own-refer.ts';
import type { OutboundListener, OutboundOptions } from './outbound-options.ts';
import { type LocalEndpoint, makeFirstRequest, newVia, ownContact } from './own-headers.ts';
import { rseqOf } from './provisional.ts';
import { Session } from './session.ts';
import type { SessionEnd } from './session-options.ts';
import { askInterval, minimumOf, usualIntervalS } from './session-timer.ts';

/** A server that says nothing for so long is passed over for the next one. */
const patienceMs = 4_000;
const silent: OutboundEnd = { cause: 'failed', status: 408, why: 'the trunk does not answer' };
/** More are a loop. */
const maxRedirects = 5;
/** Telephones that ring at once. */
const maxForks = 20;

/** A call that we place: its INVITE, by as many tries as it takes, until it is answered or over; then it is a session. */
export class OutboundLeg {
  readonly callId: string;
  readonly localTag: string;
  readonly #options: OutboundOptions;
  readonly #media: MediaAgreement;
  /** By Call-ID and the other end's tag: an INVITE may reach several telephones. */
  readonly #sessions = new Map<string, Session>();
  /** Those that have answered our offer. */
  readonly #settled = new Set<Session>();
  #session: Session | undefined;
  #listener: OutboundListener | undefined;
  #state: 'calling' | 'answered' | 'over' = 'calling';
  /** Those that are not yet tried. */
  #ways: OpenWay[] | undefined;
  /** The next way is being opened. */
  #opening = false;
  #transaction: InviteClient | undefined;
  #uri: string;
  #sequence = 0;
  #minimumS: number | undefined;
  readonly #seen = new Set<string>();
  readonly #stopRinging: () => void;

  constructor(options: OutboundOptions) {
    const { call, newId, after } = options;
    this.#options = options;
    this.callId = newId();
    this.localTag = newId();
    this.#uri = call.uri;
    this.#seen.add(call.uri);
    this.#media = new MediaAgreement(call.media);
    this.#stopRinging = after(call.ringMs, () => this.#giveUp({ cause: 'no-answer' }));
    void this.#next(options.refusal ?? { cause: 'failed', why: 'the trunk cannot be reached' });
  }

  listen(listener: OutboundListener): void {
    this.#listener = listener;
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** By CANCEL or BYE, whatever the state; an answer that crosses it is confirmed and hung up. */
  hangUp(): void {
    if (this.#state === 'calling') this.#giveUp({ cause: 'cancelled' });
    else this.#session?.hangUp('hung-up');
  }

  /** The other side's music plays, and is not heard; or the two talk again. */
  hold(held: boolean): void {
    this.#session?.hold(held);
  }

  /** Presses a key by SIP INFO, for a side that takes no RFC 4733 events. */
  pressKey(key: string): void {
    this.#session?.pressKey(key);
  }

  /** Another telephone takes the other side's place (RFC 3891): its dialog, or the status to refuse it with. */
  takeOver(invite: InviteServer, replaces: Replaces, local: LocalEndpoint): Dialog | number {
    const refusal = this.#session?.replaceRefusal(replaces) ?? (this.#session ? undefined : 481);
    if (refusal !== undefined) return refusal;
    const { newId, onDialogClosed } = this.#options;
    const dialog = Dialog.ofCalled(invite.request, newId(), local, newId);
    const key = sessionKey(dialog.callId, headerOf(invite.request, 'from') ?? '');
    const successor = this.#session?.succeededBy(invite, dialog, {
      media: (agreed) => this.#listener?.media(agreed),
      confirmed: () => undefined,
      keyPressed: (pressed) => this.#listener?.keyPressed(pressed),
      ended: (cause) => this.#end({ cause: causes[cause] }),
      closed: () => {
        onDialogClosed(dialog);
        if (successor) this.#sessionClosed(key, successor);
      },
    });
    if (!successor) return 488;
    this.#session = successor;
    this.#sessions.set(key, successor);
    return dialog;
  }

  /** Asks the other side to call somebody else instead of us. See `Session.refer`. */
  refer(target: string, progress?: (progress: ReferProgress) => void): Promise<ReferOutcome> {
    return this.#session?.refer(target, progress) ?? Promise.resolve({ outcome: 'failed' });
  }

  /** To be given to `refer` of another leg, which then takes our place on this one. Undefined before it is answered. */
  get replaceableUri(): string | undefined {
    return this.#session?.dialog.replaceableUri;
  }

  acknowledge(ack: SipRequest): void {
    this.#sessionOf(ack)?.acknowledge(ack);
  }

  reinvite(transaction: InviteServer): void {
    const session = this.#sessionOf(transaction.request);
    if (session) session.reinvite(transaction);
    else transaction.respond(makeResponse(transaction.request, 481));
  }

  receive(transaction: NonInviteServer): void {
    const session = this.#sessionOf(transaction.request);
    if (session) session.receive(transaction);
    else transaction.respond(makeResponse(transaction.request, 481));
  }

  #sessionOf(request: SipRequest): Session | undefined {
    return this.#sessions.get(sessionKey(headerOf(request, 'call-id') ?? '', headerOf(request, 'from') ?? ''));
  }

  /** Tries the next way. @param end why the one before did not do. */
  async #next(end: OutboundEnd): Promise<void> {
    this.#opening = true;
    const flow = await this.#openNext();
    this.#opening = false;
    // Who was passed over has picked up meanwhile: from now on its session counts.
    if (this.#session) return;
    if (this.#state === 'over') this.#closed();
    else if (flow) this.#invite(flow);
    else this.#failed(end);
  }

  async #openNext(): Promise<Flow | undefined> {
    const { refusal, ways } = this.#options;
    if (refusal) return undefined;
    this.#ways ??= [...(await ways().catch(() => []))];
    for (let open = this.#ways.shift(); open; open = this.#ways.shift()) {
      const flow = await open().catch(() => undefined);
      if (flow || this.#state !== 'calling') return flow;
    }
    return undefined;
  }

  #invite(flow: Flow): void {
    this.#sequence += 1;
    const request = this.#makeInvite(flow);
    const transaction = this.#options.transactions.sendInvite(request, flow, {
      response: (response) => {
        stopWaiting();
        this.#hear(response, request, flow);
      },
      timeout: () => {
        if (transaction !== this.#transaction || this.#opening) return;
        if (this.#state === 'over') this.#closed();
        else void this.#next(silent);
      },
    });
    this.#transaction = transaction;
    // Where there is another way, it need not be 32 s until that is tried.
    const stopWaiting = this.#options.after(patienceMs, () => {
      if (this.#state !== 'calling' || this.#ways?.length === 0) return;
      transaction.abandon();
      void this.#next(silent);
    });
  }

  #makeInvite({ transport }: Flow): SipRequest {
    const { call, local, newId, abilities, digest } = this.#options;
    const request = makeFirstRequest({
      method: 'INVITE',
      uri: this.#uri,
      from: `<${call.from}>;tag=${this.localTag}`,
      to: `<${call.uri}>`,
      callId: this.callId,
      sequence: this.#sequence,
      via: newVia(transport, local(transport), newId),
      headers: [
        ownContact(transport, local(transport)),
        ...abilities,
        ...askInterval(usualIntervalS, this.#minimumS),
        ...digest.authorize('INVITE', this.#uri),
        ...call.headers,
        { name: 'content-type', value: 'application/sdp' },
      ],
    });
    return { ...request, body: this.#media.offer() };
  }

  #hear(response: SipResponse, request: SipRequest, flow: Flow): void {
    const { status } = response;
    if (status === 100) return;
    if (request !== this.#transaction?.request) {
      // We went on without waiting for it. Should it be answered after all, that is too much.
      if (status >= 200 && status < 300) this.#sessionFor(response, request, flow)?.decline(request, response);
      return;
    }
    if (status < 200) this.#progress(response, request, flow);
    else if (status < 300) this.#pickedUp(response, request, flow);
    // What those say who were passed over decides nothing any more.
    else if (this.#opening) return;
    else if (this.#state === 'over') this.#closed();
    else this.#refused(response, request, flow);
  }

  #progress(response: SipResponse, request: SipRequest, flow: Flow): void {
    if (this.#state !== 'calling') return;
    const session = this.#sessionFor(response, request, flow);
    if (session?.takesProvisional(response) === false) return;
    const agreed = session && this.#media.read(response);
    if (agreed) {
      // Not confirmed, it is a foretaste of the answer, which may still be another.
      if (rseqOf(response) !== undefined) session.open(this.#media);
      this.#agreed(session, agreed);
    }
    this.#listener?.ringing(response.status, agreed !== undefined);
  }

  #pickedUp(response: SipResponse, request: SipRequest, flow: Flow): void {
    const session = this.#sessionFor(response, request, flow);
    if (!session) return;
    // Our ACK was lost; or it crossed our CANCEL, or another telephone was faster.
    if (session.state !== 'early' || this.#state !== 'calling') {
      session.decline(request, response);
      return;
    }
    session.established(request, response);
    // Who has answered our offer before need not do so again; who does all the same is not heard (RFC 3262 §5).
    const answer = session.isOpen ? undefined : this.#media.read(response);
    this.#stopRinging();
    this.#session = session;
    this.#state = 'answered';
    if (answer) this.#agreed(session, answer);
    else if (!this.#settled.has(session)) {
      this.#end({ cause: 'failed', status: 488, why: 'no codec in common' });
      session.hangUp('hung-up');
      return;
    }
    session.open(this.#media);
    this.#listener?.answered();
  }

  #agreed(session: Session, agreed: AgreedMedia): void {
    this.#settled.add(session);
    this.#listener?.media(agreed);
  }

  #refused(response: SipResponse, request: SipRequest, flow: Flow): void {
    const { status } = response;
    const leastS = minimumOf(response) ?? 0;
    if ((status === 401 || status === 407) && this.#options.digest.takes(response, request)) this.#invite(flow);
    else if (status === 422 && leastS > (this.#minimumS ?? 0)) {
      this.#minimumS = leastS;
      this.#invite(flow);
    } else if (status >= 300 && status < 400) this.#redirected(response, flow);
    else if (status === 503) void this.#next(endOf(response));
    else this.#failed(endOf(response));
  }

  /** Only to where we could have called ourselves. */
  #redirected(response: SipResponse, flow: Flow): void {
    const target = listOf(response, 'contact')
      .slice(0, 10)
      .map((contact) => this.#options.redirect(parseNameAddr(contact)?.uri ?? ''))
      .find((uri) => uri !== undefined && !this.#seen.has(uri));
    if (target === undefined || this.#seen.size > maxRedirects) {
      this.#failed({ cause: 'redirect-refused', status: response.status });
      return;
    }
    this.#seen.add(target);
    this.#uri = target;
    this.#invite(flow);
  }

  /** The dialog that an answer belongs to; undefined for one that makes none. */
  #sessionFor(response: SipResponse, request: SipRequest, flow: Flow): Session | undefined {
    const to = headerOf(response, 'to') ?? '';
    const tag = tagOf(to);
    const key = sessionKey(this.callId, to);
    const known = this.#sessions.get(key);
    // A provisional answer without a tag makes no dialog; nor does one telephone too many.
    if (known || (tag === '' && response.status < 200) || this.#sessions.size >= maxForks) return known;
    const { local, newId, digest, transactions, after, random, abilities, way } = this.#options;
    const session: Session = new Session({
      dialog: Dialog.ofCaller(request, response, local(flow.transport), newId),
      flow,
      transactions,
      after,
      random,
      abilities,
      digest,
      weCalled: true,
      way,
      listener: {
        media: (agreed) => this.#agreed(session, agreed),
        confirmed: () => undefined,
        keyPressed: (key) => this.#listener?.keyPressed(key),
        ended: (cause) => {
          if (session === this.#session) this.#end({ cause: causes[cause] });
        },
        closed: () => this.#sessionClosed(key, session),
      },
    });
    this.#sessions.set(key, session);
    return session;
  }

  #sessionClosed(key: string, session: Session): void {
    this.#sessions.delete(key);
    if (this.#state === 'over' && (this.#session === undefined || this.#session === session)) this.#closed();
  }

  #giveUp(end: OutboundEnd): void {
    if (this.#state !== 'calling') return;
    this.#transaction?.cancel();
    this.#end(end);
  }

  #failed(end: OutboundEnd): void {
    this.#end(end);
    this.#closed();
  }

  #end(end: OutboundEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#stopRinging();
    this.#listener?.ended(end);
  }

  #closed(): void {
    this.#options.onClosed(this);
  }
}

const causes: Readonly<Record<SessionEnd, OutboundEnd['cause']>> = {
  'remote-hang-up': 'remote-hang-up',
  'hung-up': 'hung-up',
  'no-ack': 'failed',
  'session-expired': 'session-expired',
};

const sessionKey = (callId: string, remote: string): string => `${callId}|${tagOf(remote)}`;
