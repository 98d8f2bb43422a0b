import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import { certificateOf } from '../testing/certificate.ts';
import type { Flow } from './flow.ts';
import type { Hop } from './locate.ts';
import { OutgoingConnections } from './outgoing-connections.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that keeps what comes, and connections to it. */
async function peer(options: { tls?: { key: string; cert: string }; authorities?: string } = {}) {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const accept = (socket: Socket): void => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => received.push(bytes.toString('latin1')));
  };
  const server: Server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const request = vi.fn<(request: SipRequest, flow: Flow) => void>();
  const response = vi.fn<(response: SipResponse, flow: Flow) => void>();
  const connections = new OutgoingConnections({
    listener: { request, response },
    authorities: options.authorities,
    onFault: (error) => expect.unreachable(String(error)),
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  closing.push(close, () => connections.close());
  const hop = (serverName = '127.0.0.1', transport: Hop['transport'] = options.tls ? 'TLS' : 'TCP'): Hop => ({
    transport,
    address: '127.0.0.1',
    port: address.port,
    serverName,
  });
  return { connections, hop, received, sockets, request, response, close };
}

const options = `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:c@d>;tag=1\r
To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;

test('one connection for all that goes to a place; what comes back by it is read', async () => {
  const { connections, hop, received, sockets, request } = await peer();
  const [first, second] = await Promise.all([connections.connect(hop()), connections.connect(hop())]);
  first.send(Buffer.from('one'));
  second.send(Buffer.from('two'));
  await vi.waitFor(() => expect(received.join('')).toBe('onetwo'));
  expect(sockets).toHaveLength(1);
  sockets[0]?.write(options);
  await vi.waitFor(() => expect(request).toHaveBeenCalledOnce());
});

test('a connection that is gone is opened anew by the next thing that is sent', async () => {
  const { connections, hop, received, sockets } = await peer();
  const flow = await connections.connect(hop());
  expect(flow.gone?.()).toBe(false);
  sockets[0]?.destroy();
  await vi.waitFor(() => expect(flow.gone?.()).toBe(true));
  flow.send(Buffer.from('again'));
  await vi.waitFor(() => expect(received).toEqual(['again']));
  expect(sockets).toHaveLength(2);
});

test('where nobody listens it rejects, and what is sent all the same is lost without a fault', async () => {
  const { connections, hop, close } = await peer();
  const place = hop();
  close();
  await expect(connections.connect(place)).rejects.toThrow(/Cannot connect to 127\.0\.0\.1:\d+ over TCP/);
  connections.flowTo(place).send(Buffer.from('lost'));
});

test('over TLS the certificate has to name the host that was configured, and to be of an authority that we trust', async () => {
  const tls = certificateOf('sip.carrier.example');
  const trusted = await peer({ tls, authorities: tls.cert });
  const flow = await trusted.connections.connect(trusted.hop('sip.carrier.example'));
  flow.send(Buffer.from('secret'));
  await vi.waitFor(() => expect(trusted.received).toEqual(['secret']));
  await expect(trusted.connections.connect(trusted.hop('other.example'))).rejects.toThrow(/altnames/);
  await expect(trusted.connections.connect(trusted.hop('127.0.0.1'))).rejects.toThrow(/altnames/);
  const unknown = await peer({ tls });
  await expect(unknown.connections.connect(unknown.hop('sip.carrier.example'))).rejects.toThrow(/self-signed/);
});
