import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listOf, type SipRequest } from '../message/sip-message.ts';
import type { Flow } from './flow.ts';
import { SourceLimit } from './source-limit.ts';
import { UdpTransport } from './udp.ts';

let transport: UdpTransport;
const requests: { request: SipRequest; flow: Flow }[] = [];
let arrived: PromiseWithResolvers<void>;
let nowMs = 0;
let faults: unknown[];

beforeEach(async () => {
  requests.length = 0;
  faults = [];
  arrived = Promise.withResolvers();
  transport = await UdpTransport.open({
    host: '127.0.0.1',
    port: 0,
    limit: new SourceLimit(() => nowMs),
    trusts: () => false,
    onFault: (error) => faults.push(error),
    listener: {
      request: (request, flow) => {
        requests.push({ request, flow });
        arrived.resolve();
      },
      response: () => undefined,
    },
  });
});
afterEach(() => transport.close());

const options = (via: string, extra = ''): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: ${via}\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n${extra}\r\n`;

async function peer() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const send = (text: string): void => socket.send(text, transport.port, '127.0.0.1');
  return { socket, send, port: socket.address().port };
}

test('the top Via gets the real source, and answers go back to it', async () => {
  const { socket, send, port } = await peer();
  send(options('SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bK1;rport'));
  await arrived.promise;
  const [got] = requests;
  expect(got && listOf(got.request, 'via')).toEqual([
    `SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bK1;rport=${port};received=127.0.0.1`,
  ]);
  expect(got?.flow).toMatchObject({ address: '127.0.0.1', port });
  socket.close();
});

test('without rport the answer goes to the port that the Via names', async () => {
  const { socket, send } = await peer();
  send(options('SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK1'));
  await arrived.promise;
  expect(requests[0]?.flow).toMatchObject({ address: '127.0.0.1', port: 5_999 });
  socket.close();
});

test('a request with a fault is answered with its status; a scanner and noise are not answered', async () => {
  const { socket, send } = await peer();
  const answer = once(socket, 'message');
  send('\r\n\r\n');
  send('no SIP, but long enough to be looked at\r\n\r\n');
  send(
    options('SIP/2.0/UDP 1.1.1.1;branch=z9hG4bK1;rport', 'User-Agent: friendly-scanner\r\n').replace('1 OPT', '1 INV'),
  );
  send(options('SIP/2.0/UDP 1.1.1.1;branch=z9hG4bK2;rport').replace('1 OPTIONS', '1 INVITE'));
  const [bytes] = await answer;
  expect(String(bytes)).toContain('SIP/2.0 400 CSeq Does Not Match The Method');
  expect(String(bytes)).toContain('branch=z9hG4bK2');
  expect([requests, faults]).toEqual([[], []]);
  socket.close();
});

test('a taken port is named, with the setting to change', async () => {
  const again = UdpTransport.open({
    host: '127.0.0.1',
    port: transport.port,
    limit: new SourceLimit(() => 0),
    trusts: () => true,
    onFault: () => undefined,
    listener: { request: () => undefined, response: () => undefined },
  });
  await expect(again).rejects.toThrow(
    `UDP port ${transport.port} on 127.0.0.1 for SIP: another program uses it. Set PARLEY_SIP_PORT`,
  );
});

test('an address may send a burst, then a steady rate; others are not touched by it', () => {
  const limit = new SourceLimit(() => nowMs);
  const admitted = (address: string): number => Array.from({ length: 100 }).filter(() => limit.admits(address)).length;
  expect(admitted('a')).toBe(60);
  expect(admitted('b')).toBe(60);
  nowMs += 1_000;
  expect(admitted('a')).toBe(20);
});
