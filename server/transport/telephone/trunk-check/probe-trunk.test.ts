import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeResponse } from '../message/make-response.ts';
import { parseMessage } from '../message/parse-message.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import { headerOf, type SipRequest } from '../message/sip-message.ts';
import { Telephone } from '../telephone.ts';
import { certificateOf } from '../testing/certificate.ts';
import type { NameResolver } from '../transport/locate.ts';
import { type ProbeOptions, probeTrunk } from './probe-trunk.ts';

const noRecords = { naptr: () => Promise.resolve([]), srv: () => Promise.resolve([]) };
const resolver: NameResolver = { ...noRecords, addresses: () => Promise.resolve(['127.0.0.1']) };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function probe(address: ProbeOptions['trunk']['address'], more: Partial<ProbeOptions> = {}) {
  const account = { username: 'parley', password: 'secret' };
  return probeTrunk({
    trunk: { name: 'peer', addresses: [], address, account },
    host: '127.0.0.1',
    announcedAddress: '127.0.0.1',
    rtpPorts: { from: 41_900, to: 41_999 },
    resolver,
    now: Date.now,
    ...more,
  });
}

/** A peer whose every answer is made here. */
async function openPeer(answer: (request: SipRequest) => Uint8Array | undefined): Promise<number> {
  const socket = createSocket('udp4', (bytes, from) => {
    const { message } = parseMessage(bytes);
    const reply = message?.kind === 'request' ? answer(message) : undefined;
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => socket.close());
  return socket.address().port;
}

async function openTelephone(tls?: { port: number; key: string; cert: string }): Promise<Telephone> {
  const telephone = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    tls,
    announcedAddress: '127.0.0.1',
    trunks: [{ name: 'loopback', addresses: ['127.0.0.1'] }],
    limits: { perBusiness: 1, perBusinessADay: 1 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: () => undefined,
    onCall: (leg) => leg.refuse(403),
  });
  closing.push(() => telephone.close());
  return telephone;
}

test('a trunk behind which we look like somebody else says so, and how it speaks', async () => {
  const sdp = [
    'v=0',
    'o=- 1 1 IN IP4 10.0.0.5',
    's=-',
    'c=IN IP4 10.0.0.5',
    't=0 0',
    'm=audio 4000 RTP/AVP 8 101',
    'a=rtpmap:101 telephone-event/8000',
    '',
  ].join('\r\n');
  const port = await openPeer((request) => {
    const via = headerOf(request, 'via')?.replace(/;rport\b/, ';rport=1024;received=198.51.100.9') ?? '';
    const headers = request.headers.map((one) => (one.name === 'via' ? { ...one, value: via } : one));
    return serializeMessage(makeResponse({ ...request, headers }, 200, { toTag: 'peer', body: Buffer.from(sdp) }));
  });
  const { options, login } = await probe({ host: '127.0.0.1', port, transport: 'UDP' });
  expect(options).toMatchObject({
    status: 200,
    transport: 'UDP',
    peer: { address: '127.0.0.1', port },
    sentAs: { address: '127.0.0.1' },
    seenAs: { address: '198.51.100.9', port: 1_024 },
    media: { codecs: ['PCMA', 'TELEPHONE-EVENT'], address: '10.0.0.5' },
  });
  expect(login).toEqual({ asked: true, status: 200 });
});

test('it answers the challenge, and takes nothing but its own registration back', async () => {
  const seen: string[] = [];
  const port = await openPeer((request) => {
    if (request.method !== 'REGISTER') return serializeMessage(makeResponse(request, 200, { toTag: 'peer' }));
    seen.push(
      `${headerOf(request, 'authorization') === undefined ? 'plain' : 'login'} ${headerOf(request, 'expires')}`,
    );
    const challenge = { name: 'www-authenticate', value: 'Digest realm="peer", nonce="1", qop="auth"' };
    const wants = headerOf(request, 'authorization') === undefined;
    return serializeMessage(
      makeResponse(request, wants ? 401 : 403, { toTag: 'peer', headers: wants ? [challenge] : [] }),
    );
  });
  expect((await probe({ host: '127.0.0.1', port, transport: 'UDP' })).login).toEqual({ asked: true, status: 403 });
  expect(seen).toEqual(['plain 0', 'login 0']);
});

test('who does not answer, and a port that nobody has, are told apart', async () => {
  const port = await openPeer(() => undefined);
  const silent = await probe({ host: '127.0.0.1', port, transport: 'UDP' }, { patienceMs: 50 });
  expect(silent).toMatchObject({ options: undefined, login: { asked: false }, rtp: { tried: 8, opened: 8 } });
  const closed = await probe({ host: '127.0.0.1', port: 1, transport: 'TCP' });
  expect(closed.ways).toEqual([
    { transport: 'TCP', place: '127.0.0.1:1', fault: expect.stringContaining('ECONNREFUSED') },
  ]);
  expect(closed.options).toBeUndefined();
});

test('our own telephone over TLS: its certificate, and who has signed it', async () => {
  const tls = certificateOf('localhost');
  const secure = await freeTcpPort();
  await openTelephone({ ...tls, port: secure });
  const address = { host: 'localhost', port: secure, transport: 'TLS' } as const;
  const trusted = await probe(address, { authorities: tls.cert });
  expect(trusted.options).toMatchObject({ status: 200, transport: 'TLS', acceptsSdp: true });
  // Nobody registers at an agent.
  expect(trusted.login.status).toBe(405);
  expect(trusted.certificate).toEqual({ daysLeft: 1, fault: undefined });
  const stranger = await probe(address);
  expect(stranger.options).toBeUndefined();
  expect(stranger.certificate?.fault).toMatch(/SELF_SIGNED/);
});

async function freeTcpPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
