import { parseCSeq } from '../message/cseq.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import { headerOf, noBody, type SipHeader, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { isReliable, type Flow } from '../transport/flow.ts';
import { type After, giveUpMs, t1Ms } from './timing.ts';

export interface InviteClientListener {
  /**
   * Provisional ones, then one refusal (confirmed by the transaction), or every 2xx that comes, repetitions too: those
   * the dialog confirms.
   */
  response(response: SipResponse): void;
  /** Nobody answered at all in 32 s, or not after a CANCEL. */
  timeout(): void;
  /** Has to be sent now. */
  cancel(request: SipRequest): void;
  terminated(): void;
}

/** The client's side of an INVITE (RFC 3261 §17.1.1, with the accepted state of RFC 6026 §7.2). */
export class InviteClient {
  readonly request: SipRequest;
  readonly #bytes: Uint8Array;
  readonly #flow: Flow;
  readonly #after: After;
  readonly #listener: InviteClientListener;
  #state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated' = 'calling';
  #ack: Uint8Array | undefined;
  #cancel: 'no' | 'wanted' | 'sent' = 'no';
  #stopRepeating: () => void = () => undefined;
  #stopWaiting: () => void;

  constructor(request: SipRequest, flow: Flow, after: After, listener: InviteClientListener) {
    this.request = request;
    this.#bytes = serializeMessage(request);
    this.#flow = flow;
    this.#after = after;
    this.#listener = listener;
    flow.send(this.#bytes);
    if (!isReliable(flow)) this.#repeat(t1Ms);
    // Timer B.
    this.#stopWaiting = after(giveUpMs, () => this.#giveUp());
  }

  get state() {
    return this.#state;
  }

  /** Before the other side has said anything it may not be sent; then it waits (RFC 3261 §9.1). */
  cancel(): void {
    if (this.#cancel !== 'no') return;
    this.#cancel = 'wanted';
    if (this.#state === 'proceeding') this.#sendCancel();
  }

  /** Sends it no more, and cancels it should it have come through after all. */
  abandon(): void {
    this.#stopRepeating();
    this.cancel();
  }

  receive(response: SipResponse): void {
    if (this.#state === 'completed') {
      if (response.status >= 300) this.#confirm();
      return;
    }
    if (this.#state === 'terminated') return;
    if (response.status < 200) {
      if (this.#state === 'accepted') return;
      this.#proceed();
    } else if (response.status < 300) this.#accept();
    else if (this.#state === 'accepted') return;
    else this.#complete(response);
    this.#listener.response(response);
  }

  #proceed(): void {
    if (this.#state === 'calling') {
      this.#state = 'proceeding';
      this.#stopRepeating();
      this.#stopWaiting();
    }
    if (this.#cancel === 'wanted') this.#sendCancel();
  }

  #accept(): void {
    if (this.#state === 'accepted') return;
    this.#state = 'accepted';
    this.#stopRepeating();
    this.#stopWaiting();
    // Timer M: 2xx of other branches of a fork, and repetitions, still belong here.
    this.#stopWaiting = this.#after(giveUpMs, () => this.#terminate());
  }

  #complete(response: SipResponse): void {
    this.#state = 'completed';
    this.#stopRepeating();
    this.#stopWaiting();
    this.#ack = serializeMessage(follower(this.request, 'ACK', headerOf(response, 'to') ?? ''));
    this.#confirm();
    // Timer D: stays to confirm refusals that come again.
    this.#stopWaiting = this.#after(isReliable(this.#flow) ? 0 : giveUpMs, () => this.#terminate());
  }

  #confirm(): void {
    if (this.#ack) this.#flow.send(this.#ack);
  }

  #sendCancel(): void {
    this.#cancel = 'sent';
    this.#listener.cancel(follower(this.request, 'CANCEL', headerOf(this.request, 'to') ?? ''));
    this.#stopWaiting = this.#after(giveUpMs, () => this.#giveUp());
  }

  /** Timer A: its pauses double without an end but timer B. */
  #repeat(pauseMs: number): void {
    this.#stopRepeating = this.#after(pauseMs, () => {
      this.#flow.send(this.#bytes);
      this.#repeat(2 * pauseMs);
    });
  }

  #giveUp(): void {
    this.#terminate();
    this.#listener.timeout();
  }

  #terminate(): void {
    this.#state = 'terminated';
    this.#stopRepeating();
    this.#stopWaiting();
    this.#listener.terminated();
  }
}

/** The ACK of a refusal (RFC 3261 §17.1.1.3) or a CANCEL (§9.1): hop by hop, on the INVITE's own branch. */
function follower(invite: SipRequest, method: string, to: string): SipRequest {
  const copy = (name: string): SipHeader[] => invite.headers.filter((header) => header.name === name);
  const sequence = parseCSeq(headerOf(invite, 'cseq') ?? '')?.number ?? 0;
  return {
    kind: 'request',
    method,
    uri: invite.uri,
    headers: [
      ...copy('via').slice(0, 1),
      ...copy('route'),
      { name: 'max-forwards', value: '70' },
      ...copy('from'),
      { name: 'to', value: to },
      ...copy('call-id'),
      { name: 'cseq', value: `${sequence} ${method}` },
    ],
    body: noBody,
  };
}
