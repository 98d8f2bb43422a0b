import { expect, test } from 'vitest';
import type { Trunk } from '../auth/trunk.ts';
import { type Finding, judgeTrunk } from './judge-trunk.ts';
import type { TrunkFacts } from './trunk-facts.ts';

const trunk: Trunk = {
  name: 'carrier',
  addresses: ['198.51.100.0/24'],
  address: { host: 'sip.example.com', port: 5_060, transport: 'UDP' },
  account: { username: 'parley', password: 'secret' },
  register: true,
  dial: ['NXXNXXXXXX'],
};
const options: NonNullable<TrunkFacts['options']> = {
  status: 200,
  elapsedMs: 21,
  transport: 'UDP',
  peer: { address: '198.51.100.7', port: 5_060 },
  sentAs: { address: '203.0.113.10', port: 5_060 },
  seenAs: { address: '203.0.113.10', port: 5_060 },
  media: { codecs: ['PCMU', 'TELEPHONE-EVENT'], address: '198.51.100.8' },
  acceptsSdp: true,
};
const facts: TrunkFacts = {
  ways: [{ transport: 'UDP', place: '198.51.100.7:5060' }],
  options,
  login: { asked: true, status: 200 },
  certificate: undefined,
  rtp: { tried: 8, opened: 8 },
};

function judge(change: Partial<TrunkFacts>, of: Trunk = trunk, announced = '203.0.113.10'): Finding[] {
  return judgeTrunk(of, { ...facts, ...change }, announced);
}

test('a trunk that is as it should be has nothing to change', () => {
  const findings = judge({});
  expect(findings.map(({ level }) => level)).toEqual(Array(findings.length).fill('good'));
  expect(findings.map(({ what }) => what)).toEqual([
    '198.51.100.7:5060 answers OPTIONS over UDP with 200 after 21 ms.',
    'It lets us register.',
    'The trunk sees us as we announce ourselves, 203.0.113.10.',
    'Codecs in common: PCMU.',
    expect.stringContaining('RTP ports are free here'),
  ]);
});

test.each<[string, Finding['level'], RegExp, Partial<TrunkFacts>, Partial<Trunk>?, string?]>([
  ['a name that leads nowhere', 'bad', /leads nowhere/, { ways: [], options: undefined }],
  ['silence', 'bad', /Nobody answers OPTIONS at 198.51.100.7:5060 over UDP/, { options: undefined }],
  ['a stranger', 'bad', /answers OPTIONS over UDP with 403/, { options: { ...options, status: 403 } }],
  ['a trunk that takes no calls', 'bad', /with 503/, { options: { ...options, status: 503 } }],
  ['a wrong password', 'bad', /refuses the login \(401\)/, { login: { asked: true, status: 401 } }],
  ['no registrar', 'bad', /takes no registrations \(405\)/, { login: { asked: true, status: 405 } }],
  ['no answer to REGISTER', 'doubtful', /REGISTER was not answered/, { login: { asked: true, status: undefined } }],
  ['a node that does not register', 'doubtful', /does not register/, {}, { register: false }],
  [
    'another address outside',
    'bad',
    /sees us as 192.0.2.77/,
    { options: { ...options, seenAs: { address: '192.0.2.77', port: 5_060 } } },
  ],
  [
    'an inside address, and a trunk that says nothing',
    'bad',
    /announce 192.168.1.4, which means nothing/,
    { options: { ...options, seenAs: { address: undefined, port: undefined } } },
    {},
    '192.168.1.4',
  ],
  [
    'a NAT that changes ports',
    'doubtful',
    /our port 5060 as 61002/,
    { options: { ...options, seenAs: { address: '203.0.113.10', port: 61_002 } } },
  ],
  [
    'other codecs',
    'bad',
    /speaks G729, and we do not/,
    { options: { ...options, media: { codecs: ['G729'], address: '198.51.100.8' } } },
  ],
  [
    'no keys',
    'doubtful',
    /does not name telephone-event/,
    { options: { ...options, media: { codecs: ['PCMA'], address: '198.51.100.8' } } },
  ],
  [
    'audio from behind a NAT',
    'doubtful',
    /names 10.1.2.3/,
    { options: { ...options, media: { codecs: ['PCMU', 'TELEPHONE-EVENT'], address: '10.1.2.3' } } },
  ],
  ['ports that are taken', 'bad', /None of the RTP ports/, { rtp: { tried: 8, opened: 0 } }],
  ['a port that is taken', 'doubtful', /3 of 8 RTP ports/, { rtp: { tried: 8, opened: 5 } }],
  [
    'a certificate of somebody else',
    'bad',
    /not for sip/,
    { certificate: { daysLeft: 90, fault: 'it is not for sip' } },
  ],
  ['a certificate that runs out', 'doubtful', /good for 1 day\./, { certificate: { daysLeft: 1, fault: undefined } }],
  ['a certificate that has run out', 'bad', /has run out/, { certificate: { daysLeft: -1, fault: undefined } }],
  ['keys in the clear', 'doubtful', /keys travel over UDP/, {}, { srtp: 'required' }],
  ['a trunk that brings nothing', 'bad', /cannot bring calls/, {}, { addresses: [] }],
])('%s is said, with what to change', (_name, level, what, change, of = {}, announced) => {
  const found = judge(change, { ...trunk, ...of }, announced).filter((one) => one.level !== 'good');
  expect(found).toHaveLength(1);
  expect(found[0]).toEqual({ level, what: expect.stringMatching(what), change: expect.any(String) });
});
