import { type Account, DigestClient } from '../auth/digest-client.ts';
import type { TrunkAddress } from '../auth/trunk-address.ts';
import type { SipHeader, SipRequest, SipResponse } from '../message/sip-message.ts';
import { writeHostPort, writeSipUri } from '../message/uri.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { Network } from '../transport/network.ts';
import { type LocalEndpoint, makeFirstRequest, type NewId, newVia, ownContact } from './own-headers.ts';

export interface TrunkClientOptions {
  readonly address: TrunkAddress;
  readonly account: Account | undefined;
  readonly network: Pick<Network, 'waysTo'>;
  readonly transactions: TransactionLayer;
  readonly local: (transport: Flow['transport']) => LocalEndpoint;
  readonly newId: NewId;
}

export interface Answered {
  readonly response: SipResponse;
  /** The way by which it was asked. */
  readonly flow: Flow;
}

/** Requests to a trunk outside of any call: REGISTER and OPTIONS. */
export class TrunkClient {
  readonly #options: TrunkClientOptions;
  readonly #digest: DigestClient;
  readonly #callId: string;
  readonly #tag: string;
  #sequence = 0;

  constructor(options: TrunkClientOptions) {
    this.#options = options;
    this.#digest = new DigestClient(options.account, options.newId);
    this.#callId = options.newId();
    this.#tag = options.newId();
  }

  /**
   * By the first way that is in service, logged in where it asks for that. Undefined when none answers.
   *
   * @param known a way that has been good before: tried first.
   */
  async ask(method: string, headers: readonly SipHeader[], known?: Flow): Promise<Answered | undefined> {
    const { network, address } = this.#options;
    let last = known && (await this.#askBy(known, method, headers));
    if (last && !isOutOfService(last)) return last;
    for (const open of await network.waysTo(address).catch(() => [])) {
      const flow = await open().catch(() => undefined);
      const answered = flow && (await this.#askBy(flow, method, headers));
      if (answered && !isOutOfService(answered)) return answered;
      last = answered ?? last;
    }
    return last;
  }

  /** Undefined when nobody answers. */
  async #askBy(flow: Flow, method: string, headers: readonly SipHeader[]): Promise<Answered | undefined> {
    for (;;) {
      const request = this.#make(flow, method, headers);
      const response = await this.#send(request, flow);
      if (!response) return undefined;
      const challenged = response.status === 401 || response.status === 407;
      if (!challenged || !this.#digest.takes(response, request)) return { response, flow };
    }
  }

  #send(request: SipRequest, flow: Flow): Promise<SipResponse | undefined> {
    return new Promise((resolve) => {
      this.#options.transactions.send(request, flow, {
        response: (response) => {
          if (response.status >= 200) resolve(response);
        },
        timeout: () => resolve(undefined),
      });
    });
  }

  #make({ transport }: Flow, method: string, headers: readonly SipHeader[]): SipRequest {
    const { address, account, local, newId } = this.#options;
    const user = account?.username ?? 'parley';
    const self = `<${writeSipUri(user, address.host, undefined)}>`;
    const { host, port } = address;
    // A registrar is named by its domain alone; OPTIONS ask the trunk itself (RFC 3261 §10.2).
    const uri = `sip:${writeHostPort(host, port)}`;
    this.#sequence += 1;
    return makeFirstRequest({
      method,
      uri,
      from: `${self};tag=${this.#tag}`,
      to: method === 'REGISTER' ? self : `<${uri}>`,
      callId: this.#callId,
      sequence: this.#sequence,
      via: newVia(transport, local(transport), newId),
      headers: [ownContact(transport, local(transport), user), ...this.#digest.authorize(method, uri), ...headers],
    });
  }
}

/** The next server may do better (RFC 3263 §4.3). */
const isOutOfService = ({ response }: Answered): boolean => response.status === 503;
