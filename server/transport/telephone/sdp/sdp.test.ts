import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerOffer, makeOffer, readAnswer } from './answer.ts';
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
  const result = answerTo(
    'm=audio 4000 RTP/AVP 111 8 0 96',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:96 telephone-event/8000',
    'a=fmtp:96 0-16',
  );
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
      'a=rtpmap:96 TELEPHONE-EVENT/8000',
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
    codec: 'PCMU',
    eventPayloadType: 101,
    remote: { address: '192.0.2.9', port: 5_000 },
  });
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
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const described = parseSdp(sdp(...lines));
      if (described) answerOffer(described, local);
    }),
  );
});

test.skipIf(!existsSync(data))('descriptions of many makers are read, or refused without harm', () => {
  const read = readdirSync(data).filter((file) => parseSdp(readFileSync(join(data, file))) !== undefined);
  expect(read).toEqual(expect.arrayContaining(['normal.sdp', 'jssip.sdp', 'ssrc.sdp']));
});
