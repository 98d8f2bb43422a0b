import { expect, test } from 'vitest';
import type { SipRequest } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import { type Algorithm, digestResponse, parseDigest, writeDigest } from './digest.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { type Trunk, TrunkList } from './trunk.ts';

const login = { username: 'pbx', password: 'correct horse battery' };
const carrier: Trunk = { name: 'carrier', addresses: ['203.0.113.0/24', '2001:db8::/32'] };
const pbx: Trunk = { name: 'pbx', addresses: [], login };

const from = (address: string): Flow => ({ transport: 'UDP', address, port: 5_060, send: () => undefined });
const invite = (authorization?: string, uri = 'sip:a@b'): SipRequest => ({
  kind: 'request',
  method: 'INVITE',
  uri,
  headers: authorization === undefined ? [] : [{ name: 'authorization', value: authorization }],
  body: new Uint8Array(),
});

function answer(challenge: string, algorithm: Algorithm, given = login, nonceCount = '00000001'): string {
  const nonce = parseDigest(challenge)?.get('nonce') ?? '';
  const uri = 'sip:a@b';
  const auth = { cnonce: 'c', nonceCount };
  const response = digestResponse({ algorithm, ...given, realm: 'parley', method: 'INVITE', uri, nonce, auth });
  const { username } = given;
  return writeDigest(
    { username, realm: 'parley', nonce, uri, response, cnonce: 'c' },
    { algorithm, qop: 'auth', nc: nonceCount },
  );
}

function challengeOf(gatekeeper: Gatekeeper, address: string): string {
  const admission = gatekeeper.admit(invite(), from(address));
  return admission.status === 'challenged' ? (admission.headers[0]?.value ?? '') : '';
}

test('the example of RFC 7616 §3.9.1 comes out, in both hashes', () => {
  const parts = {
    username: 'Mufasa',
    password: 'Circle of Life',
    realm: 'http-auth@example.org',
    method: 'GET',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    auth: { cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', nonceCount: '00000001' },
  };
  expect(digestResponse({ ...parts, algorithm: 'MD5' })).toBe('8ca523f5e9506fed4657c9700eebdbec');
  expect(digestResponse({ ...parts, algorithm: 'SHA-256' })).toBe(
    '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  );
});

test('a trunk is known by its network; everybody else is refused', () => {
  const gatekeeper = new Gatekeeper(new TrunkList([carrier]), () => 0);
  expect(gatekeeper.admit(invite(), from('203.0.113.77'))).toEqual({ status: 'admitted', trunk: carrier });
  expect(gatekeeper.admit(invite(), from('2001:db8::5')).status).toBe('admitted');
  expect(gatekeeper.admit(invite(), from('203.0.114.1'))).toEqual({ status: 'refused' });
});

test.each(['MD5', 'SHA-256'] as const)(
  'a trunk with a login is challenged, and its %s answer lets it in once',
  (algorithm) => {
    const gatekeeper = new Gatekeeper(new TrunkList([carrier, pbx]), () => 1_000);
    const challenge = challengeOf(gatekeeper, '198.51.100.1');
    const given = answer(challenge, algorithm);
    expect(gatekeeper.admit(invite(given), from('198.51.100.1'))).toEqual({ status: 'admitted', trunk: pbx });
    expect(gatekeeper.admit(invite(given), from('198.51.100.1')).status).toBe('challenged');
    expect(gatekeeper.admit(invite(answer(challenge, algorithm, login, '00000002')), from('198.51.100.1')).status).toBe(
      'admitted',
    );
  },
);

test('an answer that was meant for another number is told so; the host may be another of our names', () => {
  const gatekeeper = new Gatekeeper(new TrunkList([pbx]), () => 1_000);
  const challenge = challengeOf(gatekeeper, '198.51.100.1');
  const asked = (uri: string, nonceCount: string): string =>
    gatekeeper.admit(invite(answer(challenge, 'SHA-256', login, nonceCount), uri), from('198.51.100.1')).status;
  expect(asked('sip:c@b', '00000001')).toBe('misdirected');
  expect(asked('tel:+17205550100', '00000002')).toBe('misdirected');
  expect(asked('sip:a@other.example:5080;transport=tcp', '00000003')).toBe('admitted');
});

test('a wrong password, a wrong name, an invented nonce and no digest are challenged again', () => {
  const gatekeeper = new Gatekeeper(new TrunkList([pbx]), () => 1_000);
  const challenge = challengeOf(gatekeeper, '198.51.100.1');
  const tries = [
    answer(challenge, 'MD5', { ...login, password: 'wrong' }),
    answer(challenge, 'MD5', { ...login, username: 'other' }),
    answer('Digest nonce="rs-00000000000000000000000000000000"', 'MD5'),
    'Basic cGJ4OnNlY3JldA==',
    'Digest ,,,',
  ];
  for (const given of tries) expect(gatekeeper.admit(invite(given), from('198.51.100.1')).status).toBe('challenged');
});

test('an answer to an old challenge is told so, and gets a new one', () => {
  let nowMs = 1_000;
  const gatekeeper = new Gatekeeper(new TrunkList([pbx]), () => nowMs);
  const given = answer(challengeOf(gatekeeper, '198.51.100.1'), 'MD5');
  nowMs += 61_000;
  const admission = gatekeeper.admit(invite(given), from('198.51.100.1'));
  expect(admission.status === 'challenged' && admission.headers[0]?.value).toContain('stale=true');
});

test('equipment that knows MD5 only is offered nothing else', () => {
  const old: Trunk = { name: 'old', addresses: ['203.0.113.1'], login: { ...login, md5Only: true } };
  const gatekeeper = new Gatekeeper(new TrunkList([old, pbx]), () => 0);
  const offered = (address: string): number => {
    const admission = gatekeeper.admit(invite(), from(address));
    return admission.status === 'challenged' ? admission.headers.length : 0;
  };
  expect([offered('203.0.113.1'), offered('198.51.100.1')]).toEqual([1, 2]);
});

test('an address of a trunk with a login needs that login too', () => {
  const both: Trunk = { name: 'both', addresses: ['203.0.113.1'], login };
  const gatekeeper = new Gatekeeper(new TrunkList([both]), () => 1_000);
  const given = answer(challengeOf(gatekeeper, '203.0.113.1'), 'SHA-256');
  expect(gatekeeper.admit(invite(given), from('203.0.113.2'))).toEqual({ status: 'refused' });
  expect(gatekeeper.admit(invite(given), from('203.0.113.1')).status).toBe('admitted');
});
