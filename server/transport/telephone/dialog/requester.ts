import type { DigestClient } from '../auth/digest-client.ts';
import type { SipHeader, SipRequest, SipResponse } from '../message/sip-message.ts';
import type { InviteClient } from '../transaction/invite-client.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { Dialog } from './dialog.ts';

export interface RequesterOptions {
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly transactions: TransactionLayer;
  /** For a trunk that we log in at. */
  readonly digest: DigestClient | undefined;
  /** Another way, should the known one be gone. */
  readonly way: (uri: string, known: Flow) => Flow;
}

export interface AnswerListener {
  /** Final ones; of an INVITE every 2xx, repetitions too. The request is the one that was answered. */
  response(response: SipResponse, request: SipRequest): void;
  timeout(): void;
}

interface RequestParts {
  readonly headers?: readonly SipHeader[];
  readonly body?: Uint8Array;
}

/** Sends the requests of one dialog, and again with our login where the other side wants it. */
export class Requester {
  /** The way to the other end. */
  flow: Flow;
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.flow = options.flow;
  }

  /** Any method but INVITE and ACK. */
  send(method: string, parts: RequestParts, listener: AnswerListener): void {
    const request = this.#make(method, parts);
    this.#options.transactions.send(request, this.flow, {
      response: (response) => {
        if (response.status < 200) return;
        if (this.#mayRetry(response, request)) this.send(method, parts, listener);
        else listener.response(response, request);
      },
      timeout: () => listener.timeout(),
    });
  }

  sendInvite(parts: RequestParts, listener: AnswerListener): InviteClient {
    const request = this.#make('INVITE', parts);
    return this.#options.transactions.sendInvite(request, this.flow, {
      response: (response) => {
        if (response.status < 200) return;
        if (this.#mayRetry(response, request)) this.sendInvite(parts, listener);
        else listener.response(response, request);
      },
      timeout: () => listener.timeout(),
    });
  }

  #mayRetry(response: SipResponse, request: SipRequest): boolean {
    const challenged = response.status === 401 || response.status === 407;
    return challenged && this.#options.digest?.takes(response, request) === true;
  }

  #make(method: string, { headers = [], body }: RequestParts): SipRequest {
    const { dialog, digest, way } = this.#options;
    if (this.flow.gone?.()) this.flow = way(dialog.nextHop, this.flow);
    const request = dialog.makeRequest(method, this.flow.transport, headers, body);
    const credentials = digest?.authorize(method, request.uri) ?? [];
    return { ...request, headers: [...request.headers, ...credentials] };
  }
}
