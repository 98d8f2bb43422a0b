import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { makeResponse } from '../../server/transport/telephone/message/make-response.ts';
import { parseNameAddr } from '../../server/transport/telephone/message/name-addr.ts';
import { parseMessage } from '../../server/transport/telephone/message/parse-message.ts';
import { serializeMessage } from '../../server/transport/telephone/message/serialize-message.ts';
import {
  headerOf,
  noBody,
  type SipRequest,
  type SipResponse,
} from '../../server/transport/telephone/message/sip-message.ts';
import { parseSdp } from '../../server/transport/telephone/sdp/parse-sdp.ts';

export interface Dial {
  /** Of the telephone that is called, on the loopback. */
  readonly port: number;
  readonly number: string;
  /** The number is not to be shown (RFC 3323). */
  readonly withheld?: boolean;
  readonly dialled: string;
  /** Where the handset wants its audio. */
  readonly rtpPort: number;
}

/** As `a=rtpmap` names it. */
export interface OfferedCodec {
  readonly payloadType: number;
  readonly name: string;
}
const pcmu: OfferedCodec = { payloadType: 0, name: 'PCMU/8000' };

const repeatMs = 500;
const answerMs = 20_000;

/** The signaling of one call that a handset makes over UDP: INVITE, ACK, BYE, and a 200 to whatever it is asked. */
export class HandsetSignaling {
  /** Where the other side wants our audio. */
  readonly remotePort: number;
  /** Resolves when either side has hung up. */
  readonly over: Promise<void>;
  readonly #socket: Socket;
  readonly #dial: Dial;
  readonly #callId: string;
  readonly #to: string;
  readonly #target: string;
  readonly #end: () => void;
  #sequence = 1;

  private constructor(socket: Socket, dial: Dial, callId: string, answer: SipResponse) {
    this.#socket = socket;
    this.#dial = dial;
    this.#callId = callId;
    this.#to = headerOf(answer, 'to') ?? '';
    this.#target = parseNameAddr(headerOf(answer, 'contact') ?? '')?.uri ?? '';
    const audio = parseSdp(answer.body)?.media.find(({ kind }) => kind === 'audio');
    if (!audio || audio.port === 0 || this.#target === '') throw new Error('The answer has no audio, or no contact.');
    this.remotePort = audio.port;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#end = resolve;
    socket.on('message', (bytes) => this.#receive(bytes));
  }

  /** Resolves when the call is answered. */
  static async call(dial: Dial): Promise<HandsetSignaling> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const callId = randomBytes(12).toString('hex');
    const uri = `sip:${dial.dialled}@127.0.0.1:${dial.port}`;
    const invite = request({ method: 'INVITE', sequence: 1, uri, to: `<${uri}>`, callId, dial, socket });
    try {
      const answer = await exchange(socket, dial.port, invite);
      if (answer.status !== 200) throw new Error(`The call was answered ${answer.status} ${answer.reason}.`);
      const signaling = new HandsetSignaling(socket, dial, callId, answer);
      signaling.#send(signaling.#request('ACK', 1));
      return signaling;
    } catch (cause) {
      socket.close();
      throw cause;
    }
  }

  /** Asks for another codec (re-INVITE). Resolves when it is agreed. */
  async change(codec: OfferedCodec): Promise<void> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const body = offer(this.#dial.rtpPort, codec);
    const answer = await exchange(this.#socket, this.#dial.port, { ...this.#request('INVITE', sequence), body });
    if (answer.status !== 200) throw new Error(`The change was answered ${answer.status} ${answer.reason}.`);
    this.#send(this.#request('ACK', sequence));
  }

  async hangUp(): Promise<void> {
    await exchange(this.#socket, this.#dial.port, this.#request('BYE', this.#sequence + 1));
    this.#end();
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Uint8Array): void {
    const { message } = parseMessage(bytes);
    if (message?.kind === 'response') {
      // Our ACK was lost, or the answer came again before it.
      if (message.status === 200 && headerOf(message, 'cseq') === '1 INVITE') this.#send(this.#request('ACK', 1));
    } else if (message && message.method !== 'ACK') {
      this.#send(makeResponse(message, 200));
      if (message.method === 'BYE') this.#end();
    }
  }

  #request(method: string, sequence: number): SipRequest {
    const [dial, socket] = [this.#dial, this.#socket];
    return request({ method, sequence, uri: this.#target, to: this.#to, callId: this.#callId, dial, socket });
  }

  #send(message: SipRequest | SipResponse): void {
    this.#socket.send(serializeMessage(message), this.#dial.port, '127.0.0.1');
  }
}

/** Repeats a request until its final answer comes. */
async function exchange(socket: Socket, port: number, message: SipRequest): Promise<SipResponse> {
  const bytes = serializeMessage(message);
  const send = (): void => socket.send(bytes, port, '127.0.0.1');
  const repeating = setInterval(send, repeatMs);
  const { promise, resolve, reject } = Promise.withResolvers<SipResponse>();
  const timer = setTimeout(() => reject(new Error(`No final answer to ${message.method}.`)), answerMs);
  const receive = (answer: Uint8Array): void => {
    const parsed = parseMessage(answer).message;
    if (parsed?.kind !== 'response' || headerOf(parsed, 'cseq') !== headerOf(message, 'cseq')) return;
    clearInterval(repeating);
    if (parsed.status >= 200) resolve(parsed);
  };
  socket.on('message', receive);
  send();
  return await promise.finally(() => {
    clearInterval(repeating);
    clearTimeout(timer);
    socket.off('message', receive);
  });
}

function request(parts: {
  readonly method: string;
  readonly sequence: number;
  readonly uri: string;
  readonly to: string;
  readonly callId: string;
  readonly dial: Dial;
  readonly socket: Socket;
}): SipRequest {
  const { method, sequence, uri, to, callId, dial, socket } = parts;
  const { port } = socket.address();
  const own = `sip:${dial.number}@127.0.0.1:${port}`;
  const headers = [
    ['via', `SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${randomBytes(8).toString('hex')}`],
    ['max-forwards', '70'],
    ['from', `<${own}>;tag=${callId.slice(0, 8)}`],
    ['to', to],
    ['call-id', callId],
    ['cseq', `${sequence} ${method}`],
    ['contact', `<${own}>`],
    ...(dial.withheld === true ? [['privacy', 'id']] : []),
    ...(method === 'INVITE' ? [['content-type', 'application/sdp']] : []),
  ].map(([name = '', value = '']) => ({ name, value }));
  return { kind: 'request', method, uri, headers, body: method === 'INVITE' ? offer(dial.rtpPort) : noBody };
}

/** With key presses as 101 (RFC 4733). */
function offer(rtpPort: number, codec = pcmu): Uint8Array {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  const media = [
    `m=audio ${rtpPort} RTP/AVP ${codec.payloadType} 101`,
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
  ];
  const map = `a=rtpmap:${codec.payloadType} ${codec.name}`;
  return Buffer.from(`${[...lines, ...media, map].join('\r\n')}\r\n`);
}
