import { parseCSeq } from '../message/cseq.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { noParams } from '../message/params.ts';
import { headerOf, headersOf, listOf, noBody, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import { branchCookie, writeVia } from '../message/via.ts';
import { writeHostPort } from '../message/uri.ts';
import type { Flow } from '../transport/flow.ts';

/** How others reach us. */
export interface LocalEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Random text that nobody can guess. */
export type NewId = () => string;

export const dialogKey = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId}|${localTag}|${remoteTag}`;

/** The lasting relation of two ends of a call, seen from the one that was called (RFC 3261 §12.1.1). */
export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly #local: LocalEndpoint;
  readonly #newId: NewId;
  /** From and To of our own requests. */
  readonly #from: string;
  readonly #to: string;
  readonly #routes: readonly string[];
  #target: string;
  #localSequence = 0;
  #remoteSequence: number;

  constructor(invite: SipRequest, localTag: string, local: LocalEndpoint, newId: NewId) {
    this.callId = headerOf(invite, 'call-id') ?? '';
    this.localTag = localTag;
    const from = headerOf(invite, 'from') ?? '';
    this.remoteTag = tagOf(from);
    this.#local = local;
    this.#newId = newId;
    this.#from = `${headerOf(invite, 'to') ?? ''};tag=${localTag}`;
    this.#to = from;
    this.#routes = listOf(invite, 'record-route');
    this.#target = contactOf(invite) ?? parseNameAddr(from)?.uri ?? invite.uri;
    this.#remoteSequence = parseCSeq(headerOf(invite, 'cseq') ?? '')?.number ?? 0;
  }

  get key(): string {
    return dialogKey(this.callId, this.localTag, this.remoteTag);
  }

  /** Requests must come in order; what is older than the last one is refused (RFC 3261 §12.2.2). */
  takesSequence(request: SipRequest): boolean {
    const number = parseCSeq(headerOf(request, 'cseq') ?? '')?.number ?? 0;
    if (number <= this.#remoteSequence) return false;
    this.#remoteSequence = number;
    return true;
  }

  /** The other end may move. */
  refreshTarget(request: SipRequest): void {
    this.#target = contactOf(request) ?? this.#target;
  }

  /** Headers of our own that every answer which makes or keeps the dialog carries. */
  answerHeaders(transport: Flow['transport']): SipHeader[] {
    return [...this.#routes.map((value) => ({ name: 'record-route', value })), this.#contact(transport)];
  }

  makeRequest(
    method: string,
    transport: Flow['transport'],
    headers: readonly SipHeader[] = [],
    body = noBody,
  ): SipRequest {
    this.#localSequence += 1;
    const params = new Map([...noParams, ['branch', `${branchCookie}${this.#newId()}`], ['rport', '']]);
    const via = writeVia({ transport, host: this.#local.address, port: this.#local.port, params });
    return {
      kind: 'request',
      method,
      uri: this.#target,
      headers: [
        { name: 'via', value: via },
        ...this.#routes.map((value) => ({ name: 'route', value })),
        { name: 'max-forwards', value: '70' },
        { name: 'from', value: this.#from },
        { name: 'to', value: this.#to },
        { name: 'call-id', value: this.callId },
        { name: 'cseq', value: `${this.#localSequence} ${method}` },
        this.#contact(transport),
        ...headers,
      ],
      body,
    };
  }

  #contact(transport: Flow['transport']): SipHeader {
    const { address, port } = this.#local;
    const suffix = transport === 'UDP' ? '' : `;transport=${transport.toLowerCase()}`;
    return { name: 'contact', value: `<sip:parley@${writeHostPort(address, port)}${suffix}>` };
  }
}

/** '' where there is none. */
export function tagOf(nameAddr: string): string {
  return parseNameAddr(nameAddr)?.params.get('tag') ?? '';
}

function contactOf(request: SipRequest): string | undefined {
  const [contact] = headersOf(request, 'contact');
  return contact === undefined ? undefined : parseNameAddr(contact)?.uri;
}
