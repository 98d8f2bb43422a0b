import { parseMessage } from '../message/parse-message.ts';
import { headerOf, type SipMessage, type SipRequest } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import type { IncomingListener } from '../transport/incoming.ts';

export const sdpOffer = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 203.0.113.5', 's=-', 'c=IN IP4 203.0.113.5', 't=0 0', ...lines, ''].join('\r\n');
export const voiceOffer = sdpOffer('m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000');

export interface SentParts {
  readonly cseq?: number;
  readonly toTag?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
  readonly branch?: string;
  /** Who is called. */
  readonly user?: string;
  readonly callId?: string;
  readonly fromTag?: string;
}

/** A caller's telephone, for tests: what it sends goes straight into the stack, what comes back is kept. */
export class TestPhone {
  readonly received: SipMessage[] = [];
  readonly #flow: Flow;
  readonly #stack: IncomingListener;
  #branches = 0;

  constructor(stack: IncomingListener, address = '203.0.113.5') {
    this.#stack = stack;
    const send = (bytes: Uint8Array): void => {
      const result = parseMessage(bytes);
      if (!result.ok) throw new Error(`The stack sent what it cannot read: ${result.reason}`);
      this.received.push(result.message);
    };
    this.#flow = { transport: 'UDP', address, port: 5_060, send };
  }

  send(method: string, parts: SentParts = {}): void {
    this.#branches += 1;
    const {
      cseq = 1,
      toTag,
      body = '',
      headers = [],
      branch = `z9hG4bK${this.#branches}`,
      user = '+17205550100',
      callId = 'call',
      fromTag = 'caller',
    } = parts;
    const typed = body === '' || headers.some((one) => one.startsWith('Content-Type'));
    const lines = [
      `${method} sip:${user}@192.0.2.1 SIP/2.0`,
      `Via: SIP/2.0/UDP 203.0.113.5:5060;branch=${branch}`,
      `From: <sip:+17205550199@203.0.113.5>;tag=${fromTag}`,
      `To: <sip:${user}@192.0.2.1>${toTag === undefined ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:phone@203.0.113.5:5062>',
      ...(typed ? [] : ['Content-Type: application/sdp']),
      ...headers,
    ];
    const result = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
    if (!result.ok || result.message.kind !== 'request') throw new Error('The sample is no request.');
    this.#stack.request(result.message, this.#flow);
  }

  /** Of the answers, in order, as `200 INVITE`. */
  get statuses(): string[] {
    return this.received.flatMap((one) =>
      one.kind === 'response' ? [`${one.status} ${headerOf(one, 'cseq')?.split(' ')[1]}`] : [],
    );
  }

  get requests(): SipRequest[] {
    return this.received.filter((one) => one.kind === 'request');
  }

  get last(): SipMessage | undefined {
    return this.received.at(-1);
  }
}
