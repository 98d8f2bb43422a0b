import { makeResponse } from '../message/make-response.ts';
import { parseCSeq } from '../message/cseq.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import { headerOf, listOf, type SipMessage, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { branchCookie, parseVia } from '../message/via.ts';
import type { Flow } from '../transport/flow.ts';
import type { IncomingListener } from '../transport/incoming.ts';
import { InviteClient, type InviteClientListener } from './invite-client.ts';
import { InviteServer } from './invite-server.ts';
import { type ClientListener, NonInviteClient } from './non-invite-client.ts';
import { NonInviteServer } from './non-invite-server.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { After } from './timing.ts';

/** 32 s of 1,500 calls a second, at 2.7 kB each; what comes on top is answered 503 without being remembered. */
const defaultMost = 100_000;

/** A request that is no repetition of one that is remembered. Either of the two, once. */
export interface NewRequest<Transaction extends ServerTransaction> {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Remembers it, so that its repetitions get the same answer. */
  begin(): Transaction;
  /** Answers it without a trace, so that strangers cannot fill the memory: its repetition is new (RFC 3261 §8.2.7). */
  answer(response: SipResponse): void;
}

export interface TransactionUser {
  invite(invite: NewRequest<InviteServer>): void;
  /** Any other request. For a CANCEL, `invite` is what it wants to cancel. */
  request(request: NewRequest<NonInviteServer>, invite: InviteServer | undefined): void;
  /** The confirmation of a 2xx, which belongs to the dialog. */
  ack(request: SipRequest): void;
}

/** Tells repetitions from new requests, and answers from each other (RFC 3261 §17). */
export class TransactionLayer implements IncomingListener {
  readonly #after: After;
  readonly #user: TransactionUser;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, NonInviteClient | InviteClient>();
  readonly #most: number;

  constructor(after: After, user: TransactionUser, most = defaultMost) {
    this.#after = after;
    this.#user = user;
    this.#most = most;
  }

  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  request(request: SipRequest, flow: Flow): void {
    const key = serverKey(request, request.method);
    const known = this.#servers.get(key);
    if (known) known.receive(request);
    if (request.method === 'ACK') {
      const invite = this.#servers.get(serverKey(request, 'INVITE'));
      if (invite instanceof InviteServer && invite.state !== 'accepted') invite.receive(request);
      else this.#user.ack(request);
    } else if (!known) this.#begin(key, request, flow);
  }

  response(response: SipResponse): void {
    this.#clients.get(clientKey(response))?.receive(response);
  }

  /** Sends a request other than INVITE. Its top Via needs a branch of its own. */
  send(request: SipRequest, flow: Flow, listener: Omit<ClientListener, 'terminated'>): void {
    const key = clientKey(request);
    const terminated = (): void => void this.#clients.delete(key);
    const { response, timeout } = listener;
    this.#clients.set(key, new NonInviteClient(request, flow, this.#after, { response, timeout, terminated }));
  }

  /** Sends an INVITE. Its top Via needs a branch of its own. */
  sendInvite(
    request: SipRequest,
    flow: Flow,
    listener: Pick<InviteClientListener, 'response' | 'timeout'>,
  ): InviteClient {
    const key = clientKey(request);
    const { response, timeout } = listener;
    const nothing = (): void => undefined;
    const client = new InviteClient(request, flow, this.#after, {
      response,
      timeout,
      terminated: () => void this.#clients.delete(key),
      cancel: (cancel) => this.send(cancel, flow, { response: nothing, timeout: nothing }),
    });
    this.#clients.set(key, client);
    return client;
  }

  #begin(key: string, request: SipRequest, flow: Flow): void {
    const answer = (response: SipResponse): void => flow.send(serializeMessage(response));
    if (this.size >= this.#most) {
      answer(makeResponse(request, 503, { headers: [{ name: 'retry-after', value: '30' }] }));
      return;
    }
    const remember = <Transaction extends ServerTransaction>(transaction: Transaction): Transaction => {
      this.#servers.set(key, transaction);
      return transaction;
    };
    const terminated = (): void => void this.#servers.delete(key);
    if (request.method === 'INVITE') {
      const listener = { terminated, noAck: () => undefined };
      const begin = (): InviteServer => remember(new InviteServer(request, flow, this.#after, listener));
      this.#user.invite({ request, flow, begin, answer });
      return;
    }
    const begin = (): NonInviteServer => remember(new NonInviteServer(request, flow, this.#after, terminated));
    const invite = request.method === 'CANCEL' ? this.#servers.get(serverKey(request, 'INVITE')) : undefined;
    this.#user.request({ request, flow, begin, answer }, invite instanceof InviteServer ? invite : undefined);
  }
}

/** Branch, sent-by and method (RFC 3261 §17.2.3); for a branch of before that RFC, what it says instead. */
function serverKey(request: SipRequest, method: string): string {
  const via = parseVia(listOf(request, 'via')[0] ?? '');
  const branch = via?.params.get('branch') ?? '';
  const place = `${via?.host}:${via?.port ?? ''}`;
  if (branch.startsWith(branchCookie)) return `${method}|${branch}|${place}`;
  const cseq = parseCSeq(headerOf(request, 'cseq') ?? '');
  return [method, branch, place, headerOf(request, 'call-id'), headerOf(request, 'from'), cseq?.number].join('|');
}

function clientKey(message: SipMessage): string {
  const via = parseVia(listOf(message, 'via')[0] ?? '');
  return `${via?.params.get('branch')}|${parseCSeq(headerOf(message, 'cseq') ?? '')?.method}`;
}
