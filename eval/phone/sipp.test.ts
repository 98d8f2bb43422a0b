import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Trunk } from '../../server/transport/telephone/auth/trunk.ts';
import type { LegEnd } from '../../server/transport/telephone/dialog/inbound-leg.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';
import { runSipp } from './sipp.ts';

/** The SIP stack on a socket, with somebody at the desk who picks up, lets it ring, or is busy, by what is dialled. */
async function openDesk(trunks: readonly Trunk[] = [{ name: 'loopback', addresses: ['127.0.0.1'] }]) {
  const ended: LegEnd[] = [];
  const faults: unknown[] = [];
  let active = 0;
  const telephone = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    announcedAddress: '127.0.0.1',
    trunks,
    limits: { perBusiness: 100, perBusinessADay: 10_000 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: (error) => faults.push(error),
    onCall: (leg) => {
      active += 1;
      const nothing = (): void => undefined;
      leg.listen({
        media: nothing,
        confirmed: nothing,
        keyPressed: nothing,
        ended: (cause) => {
          active -= 1;
          ended.push(cause);
        },
      });
      leg.ring();
      if (leg.request.uri.includes('answer')) leg.answer({ address: '127.0.0.1', port: 40_000, sessionId: '1' });
    },
  });
  return { telephone, ended, faults, active: () => active };
}

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeEach(async () => void (desk = await openDesk()));
afterEach(async () => {
  await desk.telephone.close();
  if (desk.faults.length > 0) throw new Error('The telephone had a fault.', { cause: desk.faults[0] });
});

const calls = (count: number, perSecond: number): string[] => ['-m', String(count), '-r', String(perSecond)];

test('100 calls are answered, confirmed and hung up', async () => {
  await runSipp({
    scenario: 'uac',
    port: desk.telephone.port,
    service: 'answer',
    args: [...calls(100, 50), '-d', '200'],
  });
  expect(desk.ended).toEqual(Array(100).fill('caller-hang-up'));
});

test('with every tenth packet lost, each way, every call still comes through', async () => {
  const args = [...calls(40, 20), '-d', '200', '-lost', '10'];
  await runSipp({ scenario: 'uac', port: desk.telephone.port, service: 'answer', args });
  // Now and then sipp takes a repeated 200 of the INVITE for the one of its BYE, and is gone without that.
  expect(desk.ended.length).toBeGreaterThan(30);
});

test('100 calls over one TCP connection are answered, confirmed and hung up', async () => {
  const args = [...calls(100, 50), '-d', '200', '-t', 't1'];
  await runSipp({ scenario: 'uac', port: desk.telephone.port, service: 'answer', args });
  expect(desk.ended).toEqual(Array(100).fill('caller-hang-up'));
});

test.each(['options.xml', 'cancel.xml', 'hold.xml'])('%s goes as it should', async (scenario) => {
  const service = scenario === 'cancel.xml' ? 'ring' : 'answer';
  await runSipp({ scenario, port: desk.telephone.port, service, args: calls(5, 5) });
  expect(desk.active()).toBe(0);
});

test('a trunk with a login is let in by its answer to the challenge, and not with a wrong password', async () => {
  await desk.telephone.close();
  desk = await openDesk([
    { name: 'pbx', addresses: [], login: { username: 'pbx', password: 'correct-horse', md5Only: true } },
  ]);
  const { port } = desk.telephone;
  const run = (password: string): Promise<void> =>
    runSipp({
      scenario: 'digest.xml',
      port,
      service: 'answer',
      // By itself sipp leaves the user part out of the digest's URI.
      args: [
        ...calls(1, 1),
        '-au',
        'pbx',
        '-ap',
        password,
        '-auth_uri',
        `answer@127.0.0.1:${port}`,
        '-max_retrans',
        '2',
      ],
    });
  await run('correct-horse');
  await expect(run('wrong-password')).rejects.toThrow('sipp digest.xml');
  expect(desk.ended).toEqual(['caller-hang-up']);
});

test('whatever is thrown at the socket, the next call is answered', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const invite = [
    'INVITE sip:answer@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKfuzz;rport',
    'From: "Fuzz" <sip:fuzz@127.0.0.1>;tag=1',
    'To: <sip:answer@127.0.0.1>',
    'Call-ID: fuzz',
    'CSeq: 1 INVITE',
    'Contact: <sip:fuzz@127.0.0.1:99999>',
    'Session-Expires: 1800;refresher=uas',
    'Content-Type: application/sdp',
    '',
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 4000 RTP/AVP 0',
    '',
  ].join('\r\n');
  const mutation = fc.tuple(fc.nat(invite.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }));
  for (const [at, cut, put] of fc.sample(mutation, { numRuns: 3_000, seed: 7 })) {
    socket.send(
      Buffer.from(invite.slice(0, at) + put + invite.slice(at + cut), 'latin1'),
      desk.telephone.port,
      '127.0.0.1',
    );
  }
  socket.close();
  await runSipp({ scenario: 'uac', port: desk.telephone.port, service: 'answer', args: calls(5, 5) });
  const answered = (): number => desk.ended.filter((end) => end === 'caller-hang-up').length;
  await vi.waitFor(() => expect(answered()).toBeGreaterThanOrEqual(5), { timeout: 5_000 });
});
