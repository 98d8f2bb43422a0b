import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerOffer, makeOffer, newMasterKey, readAnswer } from './answer.ts';
import type { MediaPolicy, VoiceCodecName } from './media-policy.ts';
import { parseSdp } from './parse-sdp.ts';
import { writeSdp } from './write-sdp.ts';

const data = join(import.meta.dirname, '../../../../../shared/data/sip/sdp');
const local = { address: '192.0.2.1', port: 40_000, sessionId: '1', version: 1 };

const sdp = (...lines: string[]): Buffer =>
  Buffer.from(['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', ...lines, ''].join('\r\n'));
const offer = (...lines: string[]) => parseSdp(sdp('c=IN IP4 192.0.2.9', 't=0 0', ...lines));

function answerTo(...lines: string[]) {
  const described = offer(...lines);
  return described && answerOffer(described, local);
}

test('an offer of several codecs is answered with the first G.711 and the keys', () => {
  const result = answerTo('m=audio 4000 RTP/AVP 9 8 0 96', 'a=rtpmap:96 telephone-event/8000', 'a=fmtp:96 0-16');
  expect(result?.agreed).toEqual({
    codec: 'PCMA',
    payloadType: 8,
    eventPayloadType: 96,
    remote: { address: '192.0.2.9', port: 4_000 },
    direction: 'sendrecv',
  });
  expect(result && writeSdp(result.answer).toString()).toBe(
    [
      'v=0',
      'o=parley 1 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 40000 RTP/AVP 8 96',
      'a=rtpmap:96 telephone-event/8000',
      'a=fmtp:96 0-15',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ].join('\r\n'),
  );
});

test('every stream is answered in its place; those beside the voice are refused', () => {
  const result = answerTo('m=video 4002 RTP/AVP 31', 'm=audio 4000 RTP/AVP 0', 'm=audio 4004 RTP/AVP 0');
  expect(result?.answer.media.map(({ kind, port }) => [kind, port])).toEqual([
    ['video', 0],
    ['audio', 40_000],
    ['audio', 0],
  ]);
});

test.each([
  ['only other codecs', 'm=audio 4000 RTP/AVP 18'],
  ['only a switched-off stream', 'm=audio 0 RTP/AVP 0'],
  ['only encrypted streams', 'm=audio 4000 RTP/SAVP 0'],
  ['only video', 'm=video 4000 RTP/AVP 31'],
])('%s: no answer', (_, line) => expect(answerTo(line)).toBeUndefined());

test('hold is answered from the other end: sendonly with recvonly, 0.0.0.0 with nothing to send to', () => {
  expect(answerTo('m=audio 4000 RTP/AVP 0', 'a=sendonly')?.agreed.direction).toBe('recvonly');
  expect(answerTo('m=audio 4000 RTP/AVP 0', 'a=inactive')?.agreed.direction).toBe('inactive');
  const old = answerTo('m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0')?.agreed;
  expect([old?.remote, old?.direction]).toEqual([undefined, 'recvonly']);
});

test('a host name is never resolved: nothing is sent until its media comes', () => {
  expect(answerTo('m=audio 4000 RTP/AVP 0', 'c=IN IP4 evil.example')?.agreed.remote).toBeUndefined();
});

test('our own offer, answered, agrees on what was taken', () => {
  const ours = parseSdp(writeSdp(makeOffer(local)));
  const theirs = ours && answerOffer(ours, { ...local, address: '192.0.2.9', port: 5_000 });
  expect(theirs && readAnswer(theirs.answer)).toMatchObject({
    codec: 'opus',
    eventPayloadType: 110,
    remote: { address: '192.0.2.9', port: 5_000 },
  });
});

const opusOffer = [
  'm=audio 4000 RTP/AVP 8 96 0 101 102',
  'a=rtpmap:96 opus/48000/2',
  'a=rtpmap:101 telephone-event/8000',
  'a=rtpmap:102 telephone-event/48000',
];

test('Opus is taken where it is offered, with the keys of its clock; a trunk may prefer another order, or leave it out', () => {
  const wide = answerTo(...opusOffer);
  expect(wide?.agreed).toMatchObject({ codec: 'opus', payloadType: 96, eventPayloadType: 102 });
  expect(wide && writeSdp(wide.answer).toString()).toContain(
    'm=audio 40000 RTP/AVP 96 102\r\na=rtpmap:96 opus/48000/2',
  );
  const chosen = (...codecs: VoiceCodecName[]) => {
    const described = offer(...opusOffer);
    return described && answerOffer(described, { ...local, policy: { srtp: 'off', codecs } })?.agreed;
  };
  expect(chosen('PCMU', 'PCMA')).toMatchObject({ codec: 'PCMU', eventPayloadType: 101 });
  expect(chosen('PCMA', 'opus')?.codec).toBe('PCMA');
  expect(answerTo(...opusOffer.slice(0, 3))?.agreed).toMatchObject({ codec: 'opus', eventPayloadType: 101 });
  expect(answerTo('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/16000')).toBeUndefined();
});

const inline = (fill: number): string => Buffer.alloc(30, fill).toString('base64');
const crypto80 = `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${inline(1)}|2^31`;
const crypto32 = `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${inline(2)}`;
const master = { key: new Uint8Array(16).fill(8), salt: new Uint8Array(14).fill(9) };

function securely(srtp: MediaPolicy['srtp'], ...lines: string[]) {
  const described = offer(...lines);
  return described && answerOffer(described, { ...local, master, policy: { srtp } });
}

test('an encrypted stream is answered with the suite that was offered first, and a key of our own', () => {
  const savp = ['m=audio 4000 RTP/SAVP 0', crypto32, crypto80];
  for (const srtp of ['optional', 'required'] as const) {
    const result = securely(srtp, ...savp);
    expect(result?.agreed.encryption).toEqual({
      suite: 'AES_CM_128_HMAC_SHA1_32',
      ours: master,
      theirs: { key: Buffer.alloc(16, 2), salt: Buffer.alloc(14, 2) },
    });
    expect(result && writeSdp(result.answer).toString()).toMatch(
      /m=audio 40000 RTP\/SAVP 0\r\na=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:CAgI/,
    );
  }
  expect(securely('off', ...savp)).toBeUndefined();
});

test('required encryption takes nothing less; optional takes what there is, the better first', () => {
  const both = ['m=audio 4000 RTP/AVP 0', 'm=audio 4002 RTP/SAVP 0', crypto80];
  expect(securely('required', 'm=audio 4000 RTP/AVP 0')).toBeUndefined();
  expect(securely('optional', 'm=audio 4000 RTP/AVP 0')?.agreed.encryption).toBeUndefined();
  expect(securely('required', ...both)?.answer.media.map(({ port }) => port)).toEqual([0, 40_000]);
  expect(securely('optional', ...both)?.answer.media.map(({ port }) => port)).toEqual([0, 40_000]);
  expect(securely('off', ...both)?.answer.media.map(({ port }) => port)).toEqual([40_000, 0]);
  // Offered within the unencrypted profile, as by those for whom it is optional.
  expect(securely('optional', 'm=audio 4000 RTP/AVP 0', crypto80)?.agreed.encryption?.suite).toContain('_80');
  expect(securely('off', 'm=audio 4000 RTP/AVP 0', crypto80)?.agreed.encryption).toBeUndefined();
});

test.each([
  ['another suite', `a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${Buffer.alloc(46).toString('base64')}`],
  ['an index in each packet', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${inline(1)}|2^20|1:4`],
  ['no encryption in truth', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${inline(1)} UNENCRYPTED_SRTP`],
  ['half a key', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAA'],
  ['no key', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:'],
])('%s is not taken', (_, line) => {
  expect(securely('required', 'm=audio 4000 RTP/SAVP 0', line)).toBeUndefined();
  expect(securely('required', 'm=audio 4000 RTP/SAVP 0', line, crypto80)?.agreed.encryption?.suite).toContain('_80');
});

test('our own encrypted offer, answered, gives both sides the same keys; a refused encryption is not papered over', () => {
  const theirMaster = { key: new Uint8Array(16).fill(3), salt: new Uint8Array(14).fill(4) };
  const plain = { ...local, address: '192.0.2.9', port: 5_000 };
  for (const srtp of ['optional', 'required'] as const) {
    const ours = { ...local, master, policy: { srtp } };
    const sent = parseSdp(writeSdp(makeOffer(ours)));
    const theirs = sent && answerOffer(sent, { ...plain, master: theirMaster, policy: { srtp: 'required' } });
    const received = theirs && parseSdp(writeSdp(theirs.answer));
    const agreed = received && readAnswer(received, ours);
    expect(agreed?.encryption).toMatchObject({ suite: 'AES_CM_128_HMAC_SHA1_80', ours: master });
    expect(agreed?.encryption?.theirs.key).toEqual(Buffer.alloc(16, 3));
    expect(theirs?.agreed.encryption?.theirs.key).toEqual(Buffer.alloc(16, 8));
    const refused = offer('m=audio 4000 RTP/AVP 0');
    expect(refused && readAnswer(refused, ours)?.codec).toBe(srtp === 'required' ? undefined : 'PCMU');
  }
});

test('our keys differ from call to call', () => {
  expect(newMasterKey()).not.toEqual(newMasterKey());
});

test.each([
  ['no version', Buffer.from('o=- 1 1 IN IP4 192.0.2.9\r\n')],
  ['no origin', Buffer.from('v=0\r\ns=-\r\n')],
  ['port 99999', sdp('c=IN IP4 192.0.2.9', 'm=audio 99999 RTP/AVP 0')],
  ['no address', sdp('m=audio 4000 RTP/AVP 0')],
  [
    'more streams than anyone needs',
    sdp('c=IN IP4 192.0.2.9', ...Array.from({ length: 40 }, () => 'm=audio 4 RTP/AVP 0')),
  ],
  ['more than anyone needs', sdp('c=IN IP4 192.0.2.9', `a=${'x'.repeat(20_000)}`)],
])('%s is no description', (_, bytes) => expect(parseSdp(bytes)).toBeUndefined());

test('parseSdp() and answerOffer() never throw', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom('m=audio 4 RTP/AVP 0 8', 'a=rtpmap:0 PCMU/8000', 'a=fmtp:0 ', 'c=IN IP4 1.2.3.4', 'a=sendonly'),
    fc.string({ maxLength: 60 }).map((text) => `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${text}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const described = parseSdp(sdp(...lines));
      if (described) answerOffer(described, { ...local, master, policy: { srtp: 'optional' } });
    }),
  );
});

test.skipIf(!existsSync(data))('descriptions of many makers are read, or refused without harm', () => {
  const read = readdirSync(data).filter((file) => parseSdp(readFileSync(join(data, file))) !== undefined);
  expect(read).toEqual(expect.arrayContaining(['normal.sdp', 'jssip.sdp', 'ssrc.sdp']));
});
