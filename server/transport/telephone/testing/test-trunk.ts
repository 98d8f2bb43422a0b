import { makeResponse } from '../message/make-response.ts';
import { parseMessage } from '../message/parse-message.ts';
import { headerOf, type SipMessage, type SipRequest } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import type { IncomingListener } from '../transport/incoming.ts';
import { sdpOffer } from './test-phone.ts';

export const voiceAnswer = sdpOffer('m=audio 5000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000');

export interface AnswerParts {
  readonly tag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** The other side of calls that we place, for tests: what the stack sends is kept, what it answers goes straight in. */
export class TestTrunk {
  readonly received: SipMessage[] = [];
  readonly flow: Flow;
  stack: IncomingListener | undefined;
  /** Until then a connection to it is being opened. */
  reached: Promise<unknown> = Promise.resolve();
  #branches = 0;

  constructor(address = '198.51.100.7', transport: Flow['transport'] = 'UDP') {
    const send = (bytes: Uint8Array): void => {
      const result = parseMessage(bytes);
      if (!result.ok) throw new Error(`The stack sent what it cannot read: ${result.reason}`);
      this.received.push(result.message);
    };
    this.flow = { transport, address, port: 5_060, send };
  }

  get requests(): SipRequest[] {
    return this.received.filter((one) => one.kind === 'request');
  }

  get methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  /** The latest request of a method. */
  got(method: string): SipRequest {
    const request = this.requests.findLast((one) => one.method === method);
    if (!request) throw new Error(`The stack has sent no ${method}.`);
    return request;
  }

  /** Answers the latest request of a method. */
  answer(status: number, parts: AnswerParts = {}, request = this.got('INVITE')): void {
    const { tag = 'callee', headers = ['Contact: <sip:callee@198.51.100.7:5070>'], body = '' } = parts;
    const typed = body === '' ? [] : ['Content-Type: application/sdp'];
    const extra = [...headers, ...typed].map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() };
    });
    const toTag = status === 100 ? {} : { toTag: tag };
    this.stack?.response(
      makeResponse(request, status, { ...toTag, headers: extra, body: Buffer.from(body) }),
      this.flow,
    );
  }

  /** Picks up. */
  pickUp(parts: AnswerParts = {}): void {
    this.answer(200, { body: voiceAnswer, ...parts });
  }

  /** Asks something in the dialog that the latest INVITE made. */
  ask(method: string, parts: { tag?: string; cseq?: number; headers?: readonly string[]; body?: string } = {}): void {
    const { tag = 'callee', cseq = 1, headers = [], body = '' } = parts;
    const invite = this.requests.find((one) => one.method === 'INVITE');
    if (!invite) throw new Error('The stack has sent no INVITE.');
    this.#branches += 1;
    const lines = [
      `${method} sip:parley@192.0.2.1:5060 SIP/2.0`,
      `Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKtrunk${this.#branches}`,
      `From: ${headerOf(invite, 'to')};tag=${tag}`,
      `To: ${headerOf(invite, 'from')}`,
      `Call-ID: ${headerOf(invite, 'call-id')}`,
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:callee@198.51.100.7:5070>',
      ...(body === '' || headers.length > 0 ? [] : ['Content-Type: application/sdp']),
      ...headers,
    ];
    const result = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
    if (!result.ok || result.message.kind !== 'request') throw new Error('The sample is no request.');
    this.stack?.request(result.message, this.flow);
  }

  /** Of the answers that the stack gave, as `200 BYE`. */
  get statuses(): string[] {
    return this.received.flatMap((one) =>
      one.kind === 'response' ? [`${one.status} ${headerOf(one, 'cseq')?.split(' ')[1]}`] : [],
    );
  }
}
