import type { Admission, Gatekeeper } from '../auth/gatekeeper.ts';
import type { Trunk } from '../auth/trunk.ts';
import { makeResponse, type ResponseParts } from '../message/make-response.ts';
import { headerOf, headersOf, listOf, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import { type Replaces, replacesOf } from '../message/replaces.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import { type NewRequest, type TransactionUser, TransactionLayer } from '../transaction/transaction-layer.ts';
import type { After } from '../transaction/timing.ts';
import { parseSdp } from '../sdp/parse-sdp.ts';
import type { Flow } from '../transport/flow.ts';
import type { Network } from '../transport/network.ts';
import { type Dialog, tagOf } from './dialog.ts';
import { InboundLeg } from './inbound-leg.ts';
import { isSdp } from './media-agreement.ts';
import { OutboundLeg } from './outbound-leg.ts';
import type { OutboundOptions } from './outbound-options.ts';
import type { LocalEndpoint, NewId } from './own-headers.ts';
import { agreeInterval } from './session-timer.ts';

export interface UserAgentOptions {
  readonly local: (transport: Flow['transport']) => LocalEndpoint;
  readonly gatekeeper: Gatekeeper;
  readonly after: After;
  readonly newId: NewId;
  readonly network: Pick<Network, 'wayTo' | 'wayBackTo'>;
  /** 0 to 1. */
  readonly random: () => number;
  /** Whether another call can be taken now. */
  readonly vacancy: () => 'free' | 'busy' | 'draining';
  /** A call of a trunk. It has to be answered or refused. */
  readonly onCall: (leg: InboundLeg, trunk: Trunk) => void;
}

type Leg = InboundLeg | OutboundLeg;
type Parts = Omit<ResponseParts, 'toTag'>;

const methods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'NOTIFY', 'PRACK'];
/** Methods of RFCs that we do not speak: refused as such, not as unknown. */
const foreign = new Set(['REGISTER', 'SUBSCRIBE', 'PUBLISH', 'MESSAGE']);
/** Option tags that may be required of us. */
const extensions = ['timer', '100rel', 'replaces'];
const abilities: readonly SipHeader[] = [
  { name: 'allow', value: methods.join(', ') },
  { name: 'supported', value: extensions.join(', ') },
];
const accepted: SipHeader = { name: 'accept', value: 'application/sdp' };

/** Answers every request that reaches us, and makes calls of those INVITEs that may be calls. */
export class UserAgent implements TransactionUser {
  readonly transactions: TransactionLayer;
  readonly #options: UserAgentOptions;
  /** By Call-ID and our own tag, which nobody can guess. */
  readonly #legs = new Map<string, Leg>();
  /** By the same key: the trunk's name. */
  readonly #trunks = new Map<string, string>();
  /** INVITEs that are not yet answered, by their transaction. */
  readonly #ringing = new Map<InviteServer, InboundLeg>();
  /** What the INVITEs of all legs say of themselves, however they came. */
  readonly #known = new Set<string>();
  /** Of answers that leave no trace: a repeated request gets the same one (RFC 3261 §8.2.7). */
  readonly #passingTag: string;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#passingTag = options.newId();
    this.transactions = new TransactionLayer(options.after, this);
  }

  /** Calls that are not quite over. */
  get size(): number {
    return this.#legs.size;
  }

  invite(invite: NewRequest<InviteServer>): void {
    const { request } = invite;
    const isInDialog = tagOf(headerOf(request, 'to') ?? '') !== '';
    const leg = this.#legOf(request);
    const refusal = this.#commonRefusal(request);
    // Within a call its ACK has to be told from the call's own.
    if (refusal && leg) this.#respond(invite.begin(), ...refusal);
    else if (refusal) this.#answer(invite, ...refusal);
    else if (leg) leg.reinvite(invite.begin());
    else if (isInDialog) this.#answer(invite, 481);
    // The same INVITE by two ways: only the first may ring (RFC 3261 §8.2.2.2).
    else if (this.#known.has(mergeKey(request))) this.#respond(invite.begin(), 482);
    else this.#admit(invite);
  }

  request(arrival: NewRequest<NonInviteServer>, invite: InviteServer | undefined): void {
    const { request } = arrival;
    if (request.method === 'CANCEL') {
      if (!invite) {
        this.#answer(arrival, 481);
        return;
      }
      this.#respond(arrival.begin(), 200);
      this.#ringing.get(invite)?.cancel();
      return;
    }
    const refusal = this.#commonRefusal(request);
    const leg = this.#legOf(request);
    if (refusal) this.#answer(arrival, ...refusal);
    else if (leg) leg.receive(arrival.begin());
    else if (tagOf(headerOf(request, 'to') ?? '') !== '') this.#answer(arrival, 481);
    else if (request.method === 'OPTIONS') this.#answerOptions(arrival);
    // Nobody may have us call others.
    else this.#answer(arrival, request.method === 'REFER' ? 403 : 481);
  }

  ack(request: SipRequest): void {
    this.#legOf(request)?.acknowledge(request);
  }

  /** Places a call. No request from the network leads here. */
  call(
    options: Pick<OutboundOptions, 'call' | 'digest' | 'refusal' | 'ways' | 'redirect'> & {
      trunk: string;
      onClosed: () => void;
    },
  ): OutboundLeg {
    const { local, after, newId, random, network } = this.#options;
    const leg = new OutboundLeg({
      ...options,
      way: (uri, known) => network.wayTo(uri, known),
      local,
      transactions: this.transactions,
      after,
      random,
      newId,
      abilities,
      onDialogClosed: (dialog) => this.#forget(dialog),
      onClosed: (closed) => {
        this.#forget(closed);
        options.onClosed();
      },
    });
    this.#remember(leg, leg, options.trunk);
    return leg;
  }

  #remember({ callId, localTag }: DialogEnd, leg: Leg, trunk: string): void {
    const key = legKey(callId, localTag);
    this.#legs.set(key, leg);
    this.#trunks.set(key, trunk);
  }

  #forget({ callId, localTag }: DialogEnd): void {
    const key = legKey(callId, localTag);
    this.#legs.delete(key);
    this.#trunks.delete(key);
  }

  #legOf(request: SipRequest): Leg | undefined {
    return this.#legs.get(legKey(headerOf(request, 'call-id') ?? '', tagOf(headerOf(request, 'to') ?? '')));
  }

  #admit(invite: NewRequest<InviteServer>): void {
    const { request, flow } = invite;
    const admission: Admission = this.#options.gatekeeper.admit(request, flow);
    switch (admission.status) {
      case 'refused':
        this.#answer(invite, 403);
        return;
      case 'challenged':
        this.#answer(invite, 401, { headers: admission.headers });
        return;
      case 'misdirected':
        this.#answer(invite, 400, { reason: 'Digest URI Mismatch' });
        return;
      case 'admitted': {
        const { trunk } = admission;
        const transaction = invite.begin();
        const replaces = replacesOf(request);
        // One telephone for another is no new call.
        const refusal = (replaces ? undefined : this.#vacancyRefusal()) ?? sessionRefusal(request);
        if (refusal) this.#respond(transaction, ...refusal);
        else if (replaces === 'invalid') this.#respond(transaction, 400, { reason: 'Bad Replaces' });
        else if (replaces) this.#replace(transaction, replaces, trunk);
        else this.#begin(transaction, trunk);
        return;
      }
      default:
        admission satisfies never;
    }
  }

  /** Only within a trunk: nobody may take the calls of others. */
  #replace(invite: InviteServer, replaces: Replaces, trunk: Trunk): void {
    const key = legKey(replaces.callId, replaces.toTag);
    const leg = this.#trunks.get(key) === trunk.name ? this.#legs.get(key) : undefined;
    const taken = leg?.takeOver(invite, replaces, this.#options.local(invite.flow.transport)) ?? 481;
    if (typeof taken === 'number') this.#respond(invite, taken);
    else if (leg) this.#remember(taken, leg, trunk.name);
  }

  #begin(invite: InviteServer, trunk: Trunk): void {
    const { local, after, newId, random, network, onCall } = this.#options;
    invite.respond(makeResponse(invite.request, 100));
    const leg = new InboundLeg({
      invite,
      local: local(invite.flow.transport),
      transactions: this.transactions,
      after,
      random,
      newId,
      headers: abilities,
      way: (uri, known) => network.wayBackTo(uri, known),
      onClosed: (dialog) => {
        this.#forget(dialog);
        this.#ringing.delete(invite);
        this.#known.delete(mergeKey(invite.request));
      },
    });
    this.#remember(leg.dialog, leg, trunk.name);
    this.#ringing.set(invite, leg);
    this.#known.add(mergeKey(invite.request));
    onCall(leg, trunk);
  }

  #answerOptions(options: NewRequest<NonInviteServer>): void {
    const refusal = this.#vacancyRefusal();
    if (refusal) this.#answer(options, ...refusal);
    else this.#answer(options, 200, { headers: [...abilities, accepted] });
  }

  #vacancyRefusal(): [number, Parts] | undefined {
    switch (this.#options.vacancy()) {
      case 'draining':
        return [503, { headers: [{ name: 'retry-after', value: '30' }] }];
      case 'busy':
        return [486, {}];
      default:
        return undefined;
    }
  }

  /** What is wrong with a request of any kind (RFC 3261 §8.2). */
  #commonRefusal(request: SipRequest): [number, Parts] | undefined {
    const { method } = request;
    if (!methods.includes(method) && method !== 'REFER') {
      return foreign.has(method)
        ? [405, { headers: abilities }]
        : [501, { reason: 'Not Implemented', headers: abilities }];
    }
    const unsupported = listOf(request, 'require').filter((tag) => !extensions.includes(tag.toLowerCase()));
    if (unsupported.length > 0) return [420, { headers: [{ name: 'unsupported', value: unsupported.join(', ') }] }];
    return undefined;
  }

  /** What needs no memory: whoever asks has no part in a call. */
  #answer({ request, answer }: NewRequest<InviteServer | NonInviteServer>, status: number, parts: Parts = {}): void {
    answer(makeResponse(request, status, { ...parts, toTag: this.#passingTag }));
  }

  #respond(transaction: InviteServer | NonInviteServer, status: number, parts: Parts = {}): void {
    transaction.respond(makeResponse(transaction.request, status, { ...parts, toTag: this.#options.newId() }));
  }
}

type DialogEnd = Pick<Dialog, 'callId' | 'localTag'>;

const legKey = (callId: string, localTag: string): string => `${callId}|${localTag}`;

function mergeKey(request: SipRequest): string {
  return ['call-id', 'cseq', 'from'].map((name) => headerOf(request, name)).join('|');
}

/** What is wrong with an INVITE's body, or with how long its session may last. */
function sessionRefusal(request: SipRequest): [number, Parts] | undefined {
  const encoding = headersOf(request, 'content-encoding').filter((one) => one.toLowerCase() !== 'identity');
  if (request.body.length > 0 && (!isSdp(request) || encoding.length > 0)) return [415, { headers: [accepted] }];
  if (request.body.length > 0 && !parseSdp(request.body)) return [400, { reason: 'Bad Session Description' }];
  if (!accepts(request)) return [406, {}];
  const interval = agreeInterval(request);
  return interval.status === 'too-small' ? [422, { headers: interval.headers }] : undefined;
}

/** Whether the caller takes a session description for an answer. Who says nothing does (RFC 3261 §20.1). */
function accepts(request: SipRequest): boolean {
  const types = listOf(request, 'accept').map((value) => value.split(';')[0]?.trim().toLowerCase());
  return types.length === 0 || types.some((type) => ['application/sdp', 'application/*', '*/*'].includes(type ?? ''));
}
