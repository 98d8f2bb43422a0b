import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { makeResponse } from '../../server/transport/telephone/message/make-response.ts';
import { parseMessage } from '../../server/transport/telephone/message/parse-message.ts';
import { serializeMessage } from '../../server/transport/telephone/message/serialize-message.ts';
import type { SipRequest } from '../../server/transport/telephone/message/sip-message.ts';
import { parseSdp } from '../../server/transport/telephone/sdp/parse-sdp.ts';
import { keyType, PacketPhone } from './packet-phone.ts';

/** A telephone that picks up at once, in µ-law over UDP, and whose packets are in the test's hand. */
export class AnsweringPhone {
  readonly audio: PacketPhone;
  /** The payload types that it was offered, in order. */
  offered: readonly number[] = [];
  readonly #socket: Socket;
  #answered = Promise.withResolvers<void>();

  private constructor(socket: Socket, audio: PacketPhone) {
    this.#socket = socket;
    this.audio = audio;
    socket.on('message', (bytes, { port }) => {
      const { message } = parseMessage(bytes);
      if (message?.kind === 'request' && message.method !== 'ACK') this.#answer(message, port);
    });
  }

  static async open(port: number): Promise<AnsweringPhone> {
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return new AnsweringPhone(socket, await PacketPhone.open());
  }

  /** Resolves once it has been called. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  close(): void {
    this.#socket.close();
    this.audio.close();
  }

  #answer(request: SipRequest, port: number): void {
    const invited = request.method === 'INVITE';
    const { port: own } = this.#socket.address();
    const headers = [
      { name: 'contact', value: `<sip:person@127.0.0.1:${own}>` },
      ...(invited ? [{ name: 'content-type', value: 'application/sdp' }] : []),
    ];
    const body = invited ? description(this.audio.port) : new Uint8Array();
    const response = makeResponse(request, 200, { toTag: 'person', headers, body });
    this.#socket.send(serializeMessage(response), port, '127.0.0.1');
    const offer = invited ? parseSdp(request.body)?.media[0] : undefined;
    if (!offer) return;
    this.offered = offer.formats;
    this.audio.sendTo(offer.port);
    this.#answered.resolve();
  }
}

function description(port: number): Uint8Array {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  const media = [`m=audio ${port} RTP/AVP 0 ${keyType}`, `a=rtpmap:${keyType} telephone-event/8000`, 'a=sendrecv'];
  return Buffer.from(`${[...lines, ...media].join('\r\n')}\r\n`);
}
