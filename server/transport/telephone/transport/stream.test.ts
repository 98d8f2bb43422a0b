import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { makeResponse } from '../message/make-response.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import type { SipRequest } from '../message/sip-message.ts';
import { certificateOf } from '../testing/certificate.ts';
import { Framer } from './framer.ts';
import { SourceLimit } from './source-limit.ts';
import { type StreamOptions, StreamTransport } from './stream.ts';

const options = (callId: string, extra = 'Content-Length: 4\r\n', body = 'body'): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bK${callId}\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: ${callId}\r\nCSeq: 1 OPTIONS\r\n${extra}\r\n${body}`;

let transport: StreamTransport | undefined;
let client: Socket | undefined;
afterEach(() => {
  client?.destroy();
  transport?.close();
});

/** Answers every request with 200. */
async function open(more: Partial<StreamOptions> = {}): Promise<{ requests: SipRequest[]; port: number }> {
  const requests: SipRequest[] = [];
  transport = await StreamTransport.open({
    host: '127.0.0.1',
    port: 0,
    setting: 'PARLEY_SIP_PORT',
    limit: new SourceLimit(() => 0),
    trusts: () => true,
    onFault: (error) => expect(error).toBeUndefined(),
    listener: {
      request: (request, flow) => {
        requests.push(request);
        flow.send(serializeMessage(makeResponse(request, 200)));
      },
      response: () => undefined,
    },
    ...more,
  });
  return { requests, port: transport.port };
}

/** Connects, sends, and gathers what comes back. */
function dial(port: number, text: string): { received: () => string; closed: Promise<unknown>; socket: Socket } {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  client = socket;
  let received = '';
  socket.on('data', (part) => (received += part.toString()));
  return { received: () => received, closed: once(socket, 'close'), socket };
}

test('messages are told apart by their length, however the stream is cut', () => {
  const stream = Buffer.from(`\r\n${options('a')}\r\n\r\n${options('b', 'l: 0\r\n', '')}${options('c')}`, 'latin1');
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const framer = new Framer();
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const framed = edges.slice(1).flatMap((end, index) => framer.push(stream.subarray(edges[index], end)));
      const kinds = framed.map((one) =>
        one.type === 'message' && one.result.ok ? Buffer.from(one.result.message.body).toString() : one.type,
      );
      expect(kinds).toEqual(['body', 'ping', '', 'body']);
    }),
  );
});

test('requests on one connection are answered on it, and its pings too', async () => {
  const { requests, port } = await open();
  const { received } = dial(port, `${options('a')}${options('b')}\r\n\r\n`);
  await vi.waitFor(() => expect(received().match(/200 OK/g)).toHaveLength(2));
  await vi.waitFor(() => expect(received().endsWith('\r\n\r\n\r\n')).toBe(true));
  expect(requests).toHaveLength(2);
});

test.each([
  ['no length', options('a', ''), /400 Bad Content-Length/],
  ['a length that is none', options('a', 'Content-Length: x\r\n'), /400 Bad Content-Length/],
  ['a length beyond all bounds', options('a', 'Content-Length: 999999\r\n'), /400 /],
])('%s: told, and the connection is closed', async (_, text, answer) => {
  const { requests, port } = await open();
  const { received, closed } = dial(port, text);
  await closed;
  expect(received()).toMatch(answer);
  expect(requests).toEqual([]);
});

test('who sends no end of a head is cut off', async () => {
  const { port } = await open();
  const { received, closed } = dial(port, 'x'.repeat(20_000));
  await closed;
  expect(received()).toBe('');
});

test.each(['TCP', 'TLS'] as const)(
  'over %s strangers may have 50 connections, on which they need not say anything; trunks are not kept out by them',
  async (kind) => {
    const { key, cert } = certificateOf('phone.example');
    const tls = kind === 'TLS' ? { tls: { key, cert } } : {};
    const { port } = await open({ ...tls, trusts: (address) => address === '127.0.0.2' });
    const sockets = Array.from({ length: 60 }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined);
    const gone = (): number => sockets.filter(({ destroyed }) => destroyed).length;
    await vi.waitFor(() => expect(gone()).toBe(10));
    const ask = async (localAddress: string): Promise<string> => {
      const raw = connect({ port, host: '127.0.0.1', localAddress });
      client = kind === 'TLS' ? connectTls({ socket: raw, ca: cert, servername: 'phone.example' }) : raw;
      client.write(options('a'));
      client.on('error', () => undefined);
      const [answer] = await Promise.race([once(client, 'data'), once(client, 'close')]);
      client.destroy();
      return String(answer);
    };
    expect(await ask('127.0.0.2')).toMatch(/^SIP\/2\.0 200 OK/);
    expect(gone()).toBe(10);
    // Who leaves makes room for another.
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect(await ask('127.0.0.1')).toMatch(/^SIP\/2\.0 200 OK/));
  },
);

test('over TLS with the certificate it was given', async () => {
  const { key, cert } = certificateOf('phone.example');
  const { port } = await open({ tls: { key, cert } });
  const socket = connectTls({ port, host: '127.0.0.1', ca: cert, servername: 'phone.example' });
  client = socket;
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.write(options('a'));
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^SIP\/2\.0 200 OK/);
});
