import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serializeRtp } from '../../../audio/rtp.ts';
import { type Suite, suites } from './protection.ts';
import { deriveKeys, KeyStream } from './session-keys.ts';
import { SrtpReceiver } from './srtp-receiver.ts';
import { SrtpSender } from './srtp-sender.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const shown = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex');

const master = { key: hex('E1F97A0D3E018BE0D64FA32C06DE4139'), salt: hex('0EC675AD498AFEEBB6960B3AABE6') };
const otherMaster = { key: new Uint8Array(16).fill(7), salt: new Uint8Array(14).fill(9) };
const payload = Buffer.from('what the caller said');

const packet = (sequenceNumber: number, ssrc = 5): Buffer =>
  serializeRtp({ payloadType: 0, marker: false, sequenceNumber, timestamp: 160 * sequenceNumber, ssrc, payload });

test('RFC 3711 B.2: the key stream', () => {
  const stream = new KeyStream(hex('2B7E151628AED2A6ABF7158809CF4F3C'));
  const start = hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000');
  const bytes = stream.bytes(start, 0xff02 * 16);
  expect(shown(bytes.subarray(0, 48))).toBe(
    'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
  );
  expect(shown(bytes.subarray(0xfeff * 16, 0xff02 * 16))).toBe(
    'ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44',
  );
});

test('RFC 3711 B.3: the keys of a call', () => {
  const keys = deriveKeys(master, 'rtp');
  expect([keys.cipherKey, keys.salt, keys.authenticationKey].map(shown)).toEqual([
    'c61e7a93744f39ee10734afe3ff7a087',
    '30cbbc08863d8c85d49db34a9ae1',
    'cebe321f6ff7716b6fd4ab49af256a156d38baa4',
  ]);
});

test('libsrtp’s reference packets: the same bytes', () => {
  const rtp = hex('800f1234 decafbad cafebabe abababab abababab abababab abababab');
  expect(shown(new SrtpSender('AES_CM_128_HMAC_SHA1_80', master).rtp(rtp))).toBe(
    '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb',
  );
  const rtcp = hex('81c8000b cafebabe abababab abababab abababab abababab');
  const sender = new SrtpSender('AES_CM_128_HMAC_SHA1_80', master);
  sender.rtcp(rtcp);
  expect(shown(sender.rtcp(rtcp))).toBe('81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798');
});

test.each(suites)('%s: what was sent is received, around the sequence number’s end, in whatever order', (suite) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 150, maxLength: 200 }),
      (first, later) => {
        // A stream that is first heard at its wrap has no known past.
        const delays = [0, ...later];
        const [sender, receiver] = pair(suite);
        const sent = delays.map((_, n) => sender.rtp(packet((first + n) & 0xffff)));
        const order = delays.map((delay, n) => ({ n, at: n + delay })).sort((a, b) => a.at - b.at);
        for (const { n } of order) {
          const got = receiver.rtp(sent[n] ?? Buffer.alloc(0));
          expect(shown(got)).toBe(shown(packet((first + n) & 0xffff)));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a packet that another has overtaken on its way to us is sealed as it would have been in its turn', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 30 }),
      (first, delays) => {
        const [inTurn, late] = [new SrtpSender(suites[0], master), new SrtpSender(suites[0], master)];
        const expected = [0, ...delays].map((_, n) => shown(inTurn.rtp(packet((first + n) & 0xffff))));
        const order = delays.map((delay, n) => ({ n: n + 1, at: n + 1 + delay })).sort((a, b) => a.at - b.at);
        for (const { n } of [{ n: 0 }, ...order])
          expect(shown(late.rtp(packet((first + n) & 0xffff)))).toBe(expected[n]);
      },
    ),
    { numRuns: 30, examples: [[0xffff, Array.from({ length: 20 }, (_, n) => 2 * (n % 2))]] },
  );
});

test('the rollover is signed: 2 × 65,536 packets on, an old packet’s number is not taken for the new one’s', () => {
  const [sender, receiver] = pair('AES_CM_128_HMAC_SHA1_80');
  const first = sender.rtp(packet(0));
  expect(receiver.rtp(first)).toBeDefined();
  for (let n = 0x4000; n <= 0x20000; n += 0x4000) expect(receiver.rtp(sender.rtp(packet(n & 0xffff)))).toBeDefined();
  expect(receiver.rtp(first)).toBeUndefined();
});

test('a packet counts once; a changed one, a cut one and one with other keys never', () => {
  for (const suite of suites) {
    const [sender, receiver] = pair(suite);
    const sent = sender.rtp(packet(1));
    for (let at = 0; at < sent.length; at += 1) {
      const changed = Buffer.from(sent);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(receiver.rtp(changed)).toBeUndefined();
    }
    expect(receiver.rtp(sent.subarray(0, -1))).toBeUndefined();
    expect(receiver.rtp(packet(1))).toBeUndefined();
    expect(receiver.rtp(new SrtpSender(suite, otherMaster).rtp(packet(2)))).toBeUndefined();
    expect(shown(receiver.rtp(sent))).toBe(shown(packet(1)));
    expect(receiver.rtp(sent)).toBeUndefined();
  }
});

test('a report counts once, and only when it is genuine', () => {
  const [sender, receiver] = pair('AES_CM_128_HMAC_SHA1_32');
  const report = hex('80c90001 00000005');
  const sent = sender.rtcp(report);
  const changed = Buffer.from(sent);
  changed[7] = 9;
  expect(receiver.rtcp(changed)).toBeUndefined();
  expect(shown(receiver.rtcp(sent))).toBe(shown(report));
  expect(receiver.rtcp(sent)).toBeUndefined();
  expect(receiver.rtcp(report)).toBeUndefined();
});

test('a new source with the same keys is heard; the old one’s packets do not count anew', () => {
  const [sender, receiver] = pair('AES_CM_128_HMAC_SHA1_80');
  const old = sender.rtp(packet(9));
  expect(receiver.rtp(old)).toBeDefined();
  const restarted = new SrtpSender('AES_CM_128_HMAC_SHA1_80', master);
  expect(shown(receiver.rtp(restarted.rtp(packet(3, 77))))).toBe(shown(packet(3, 77)));
  expect(receiver.rtp(old)).toBeUndefined();
});

test('SrtpReceiver never throws', () => {
  const [, receiver] = pair('AES_CM_128_HMAC_SHA1_80');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect([receiver.rtp(bytes), receiver.rtcp(bytes)]).toEqual([undefined, undefined]);
    }),
  );
});

function pair(suite: Suite): [SrtpSender, SrtpReceiver] {
  return [new SrtpSender(suite, master), new SrtpReceiver(suite, master)];
}
