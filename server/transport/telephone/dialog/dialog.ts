import { parseCSeq } from '../message/cseq.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import {
  headerOf,
  headersOf,
  listOf,
  noBody,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message/sip-message.ts';
import { parseSipUri, writeSipUri } from '../message/uri.ts';
import type { Flow } from '../transport/flow.ts';
import { type LocalEndpoint, type NewId, newVia, ownContact } from './own-headers.ts';

interface DialogParts {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To of our own requests. */
  readonly from: string;
  readonly to: string;
  readonly routes: readonly string[];
  readonly target: string;
  readonly localSequence: number;
  readonly remoteSequence: number;
}

/** The lasting relation of two ends of a call (RFC 3261 §12). */
export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly #parts: DialogParts;
  readonly #local: LocalEndpoint;
  readonly #newId: NewId;
  #routes: readonly string[];
  #target: string;
  #localSequence: number;
  #remoteSequence: number;

  private constructor(parts: DialogParts, local: LocalEndpoint, newId: NewId) {
    this.callId = parts.callId;
    this.localTag = parts.localTag;
    this.remoteTag = parts.remoteTag;
    this.#parts = parts;
    this.#local = local;
    this.#newId = newId;
    this.#routes = parts.routes;
    this.#target = parts.target;
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
  }

  /** Of the one that was called (RFC 3261 §12.1.1). */
  static ofCalled(invite: SipRequest, localTag: string, local: LocalEndpoint, newId: NewId): Dialog {
    const from = headerOf(invite, 'from') ?? '';
    const parts = {
      callId: headerOf(invite, 'call-id') ?? '',
      localTag,
      remoteTag: tagOf(from),
      from: `${headerOf(invite, 'to') ?? ''};tag=${localTag}`,
      to: from,
      routes: listOf(invite, 'record-route'),
      target: contactOf(invite) ?? parseNameAddr(from)?.uri ?? invite.uri,
      localSequence: 0,
      remoteSequence: sequenceOf(invite),
    };
    return new Dialog(parts, local, newId);
  }

  /** Of the one that calls, once an answer has a tag (RFC 3261 §12.1.2). */
  static ofCaller(invite: SipRequest, response: SipResponse, local: LocalEndpoint, newId: NewId): Dialog {
    const [from, to] = [headerOf(invite, 'from') ?? '', headerOf(response, 'to') ?? ''];
    const parts = {
      callId: headerOf(invite, 'call-id') ?? '',
      localTag: tagOf(from),
      remoteTag: tagOf(to),
      from,
      to,
      routes: listOf(response, 'record-route').toReversed(),
      target: contactOf(response) ?? invite.uri,
      localSequence: sequenceOf(invite),
      remoteSequence: -1,
    };
    return new Dialog(parts, local, newId);
  }

  /** Our own address in it. */
  get localUri(): string {
    return parseNameAddr(this.#parts.from)?.uri ?? 'sip:parley@invalid';
  }

  /** A user at the other side's place. */
  uriThere(user: string): string {
    const remote = parseSipUri(parseNameAddr(this.#parts.to)?.uri ?? '') ?? parseSipUri(this.#target);
    return writeSipUri(user, remote?.host ?? 'invalid', remote?.port);
  }

  /** The other end, as somebody who shall take our place calls it (RFC 3891): for a `Refer-To`. */
  get replaceableUri(): string {
    const replaces = `${this.callId};to-tag=${this.remoteTag};from-tag=${this.localTag}`;
    const separator = this.#target.includes('?') ? '&' : '?';
    return `${this.#target}${separator}Replaces=${encodeURIComponent(replaces)}`;
  }

  /** Where its requests go first: a proxy that wants to see them, or the other end. */
  get nextHop(): string {
    const [route] = this.#routes;
    return (route === undefined ? undefined : parseNameAddr(route)?.uri) ?? this.#target;
  }

  /** Requests must come in order; what is older than the last one is refused (RFC 3261 §12.2.2). */
  takesSequence(request: SipRequest): boolean {
    const number = sequenceOf(request);
    if (number <= this.#remoteSequence) return false;
    this.#remoteSequence = number;
    return true;
  }

  /** The caller's proxies are those that the 2xx names, whatever was said before (RFC 3261 §13.2.2.4). */
  confirm(response: SipResponse): void {
    this.#routes = listOf(response, 'record-route').toReversed();
  }

  /** The other end may move. */
  refreshTarget(message: SipMessage): void {
    this.#target = contactOf(message) ?? this.#target;
  }

  /** Headers of our own that every answer which makes or keeps the dialog carries. */
  answerHeaders(transport: Flow['transport']): SipHeader[] {
    return [...this.#routes.map((value) => ({ name: 'record-route', value })), ownContact(transport, this.#local)];
  }

  makeRequest(
    method: string,
    transport: Flow['transport'],
    headers: readonly SipHeader[] = [],
    body = noBody,
  ): SipRequest {
    this.#localSequence += 1;
    return this.#make(method, this.#localSequence, transport, [ownContact(transport, this.#local), ...headers], body);
  }

  /** The confirmation of a 2xx (RFC 3261 §13.2.2.4): the number is its INVITE's, and so are the credentials. */
  makeAck(invite: SipRequest, transport: Flow['transport']): SipRequest {
    const credentials = invite.headers.filter(({ name }) => name === 'authorization' || name === 'proxy-authorization');
    return this.#make('ACK', sequenceOf(invite), transport, credentials, noBody);
  }

  #make(
    method: string,
    sequence: number,
    transport: Flow['transport'],
    headers: readonly SipHeader[],
    body: Uint8Array,
  ): SipRequest {
    const { from, to } = this.#parts;
    const { uri, routes } = this.#path();
    return {
      kind: 'request',
      method,
      uri,
      headers: [
        newVia(transport, this.#local, this.#newId),
        ...routes.map((value) => ({ name: 'route', value })),
        { name: 'max-forwards', value: '70' },
        { name: 'from', value: from },
        { name: 'to', value: to },
        { name: 'call-id', value: this.callId },
        { name: 'cseq', value: `${sequence} ${method}` },
        ...headers,
      ],
      body,
    };
  }

  /** A first proxy of before RFC 3261 wants to be the request's target (§12.2.1.1). */
  #path(): { uri: string; routes: readonly string[] } {
    const routes = this.#routes;
    const first = routes[0] === undefined ? undefined : parseNameAddr(routes[0])?.uri;
    if (first === undefined || (parseSipUri(first)?.params.has('lr') ?? true)) return { uri: this.#target, routes };
    return { uri: first, routes: [...routes.slice(1), `<${this.#target}>`] };
  }
}

/** '' where there is none. */
export function tagOf(nameAddr: string): string {
  return parseNameAddr(nameAddr)?.params.get('tag') ?? '';
}

function sequenceOf(request: SipRequest): number {
  return parseCSeq(headerOf(request, 'cseq') ?? '')?.number ?? 0;
}

function contactOf(message: SipMessage): string | undefined {
  const [contact] = headersOf(message, 'contact');
  return contact === undefined ? undefined : parseNameAddr(contact)?.uri;
}
