import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTelephone } from './testing/open-telephone.ts';
import { sdpOffer, voiceOffer } from './testing/test-phone.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Parts {
  readonly via?: string;
  readonly contact?: string;
  readonly body?: string;
  readonly cseq?: number;
  readonly toTag?: string;
}

function message(method: string, parts: Parts = {}): Buffer {
  const { via = '192.0.2.15:5060', contact = '<sip:caller@192.0.2.15>', body = '', cseq = 1, toTag } = parts;
  const lines = [
    `${method} sip:+17205550100@192.0.2.1 SIP/2.0`,
    `Via: SIP/2.0/UDP ${via};branch=z9hG4bK${method}${cseq}`,
    'From: <sip:caller@192.0.2.15>;tag=caller',
    `To: <sip:+17205550100@192.0.2.1>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    'Call-ID: call',
    `CSeq: ${cseq} ${method}`,
    `Contact: ${contact}`,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

const invite = message('INVITE', { body: voiceOffer });

describe('what comes in wrong is answered, over in time, and leaves nothing behind', () => {
  test.each<[string, Buffer, string[]]>([
    ['audio at port 0', message('INVITE', { body: sdpOffer('m=audio 0 RTP/AVP 0') }), ['100', '180', '488']],
    ['audio at port 99999', message('INVITE', { body: sdpOffer('m=audio 99999 RTP/AVP 0') }), ['400']],
    ['no codec in common', message('INVITE', { body: sdpOffer('m=audio 4000 RTP/AVP 18') }), ['100', '180', '488']],
    // Without a way back nobody can be told.
    ['a Via with port 0', message('INVITE', { via: '192.0.2.15:0', body: voiceOffer }), []],
    ['a Via with port 99999', message('INVITE', { via: '192.0.2.15:99999', body: voiceOffer }), []],
    [
      'a Contact with port 99999',
      message('INVITE', { contact: '<sip:a@b:99999>', body: voiceOffer }),
      ['100', '180', '200'],
    ],
    ['a Contact that is none', message('INVITE', { contact: '<<>', body: voiceOffer }), ['100', '180', '200']],
    ['an answer to nothing', Buffer.from(message('INVITE').toString('latin1').replace(/^.*/, 'SIP/2.0 200 OK')), []],
    ['an ACK to nothing', message('ACK', { toTag: 'x' }), []],
    ['a CANCEL for nothing', message('CANCEL'), ['481']],
    ['zeros', Buffer.alloc(200), []],
    ['a datagram as large as there are', Buffer.alloc(65_535, 'INVITE sip:a@b SIP/2.0\r\n'), []],
  ])('%s', (_, bytes, said) => {
    const telephone = openTelephone();
    telephone.receive(bytes);
    expect(telephone.said()).toEqual(said);
    expect(telephone.left()).toEqual([0, 0, 0]);
  });

  test('never an ACK: the 200 is repeated for 32 s, then the call is hung up, whoever hears it', () => {
    const telephone = openTelephone();
    telephone.receive(invite);
    vi.advanceTimersByTime(32_000);
    expect(telephone.ended).toEqual(['no-ack']);
    expect(telephone.left()).toEqual([0, 0, 0]);
    // After 0, 0.5, 1.5, 3.5 s and every 4 s from there (RFC 3261 §13.3.1.4); the BYE as often (timer E).
    expect(telephone.said().filter((one) => one === '200')).toHaveLength(11);
    expect(telephone.said().filter((one) => one === 'BYE')).toHaveLength(11);
  });

  test('never a BYE, and nobody there for ours: the leg is over at once, and forgotten in time', () => {
    const telephone = openTelephone();
    telephone.receive(invite);
    const toTag = telephone.legs[0]?.dialog.localTag ?? '';
    telephone.receive(message('ACK', { toTag }));
    vi.advanceTimersByTime(3_600_000);
    expect(telephone.ended).toEqual([]);
    telephone.legs[0]?.hangUp();
    expect(telephone.ended).toEqual(['hung-up']);
    expect(telephone.left()).toEqual([0, 0, 0]);
  });

  test('hung up before its ACK: the BYE waits for it', () => {
    const telephone = openTelephone();
    telephone.receive(invite);
    telephone.legs[0]?.hangUp();
    expect([telephone.said(), telephone.ended]).toEqual([['100', '180', '200'], ['hung-up']]);
    telephone.receive(message('ACK', { toTag: telephone.legs[0]?.dialog.localTag ?? '' }));
    expect(telephone.said().at(-1)).toBe('BYE');
    expect(telephone.left()).toEqual([0, 0, 0]);
  });

  test('a request that guesses at a call does not touch it', () => {
    const telephone = openTelephone();
    telephone.receive(invite);
    telephone.receive(message('BYE', { toTag: 'guess', cseq: 2 }));
    const bye = message('BYE', { toTag: telephone.legs[0]?.dialog.localTag ?? '', cseq: 3 });
    telephone.receive(Buffer.from(bye.toString('latin1').replace('tag=caller', 'tag=other'), 'latin1'));
    expect([telephone.said().slice(3), telephone.ended]).toEqual([['481', '481'], []]);
  });
});

describe('whatever comes', () => {
  const methods = [
    'INVITE',
    'ACK',
    'BYE',
    'CANCEL',
    'UPDATE',
    'INFO',
    'OPTIONS',
    'REFER',
    'NOTIFY',
    'PRACK',
    'REGISTER',
  ];
  const sound = fc
    .record({
      method: fc.constantFrom(...methods),
      cseq: fc.integer({ min: 1, max: 4 }),
      toTag: fc.constantFrom(undefined, 'id1', 'x'),
      body: fc.constantFrom('', voiceOffer, 'v=0'),
    })
    .map(({ method, cseq, toTag, body }) => message(method, { cseq, body, ...(toTag === undefined ? {} : { toTag }) }));
  const broken = fc
    .tuple(sound, fc.nat(500), fc.nat(30), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([bytes, at, cut, put]) => {
      const text = bytes.toString('latin1');
      return Buffer.from(text.slice(0, at) + put + text.slice(at + cut), 'latin1');
    });
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const anything = fc.array(fc.oneof(sound, broken, noise), { maxLength: 12 });

  test('nothing throws, and once it is quiet nothing is left', () => {
    fc.assert(
      fc.property(anything, (datagrams) => {
        const telephone = openTelephone();
        for (const bytes of datagrams) telephone.receive(bytes);
        for (const leg of telephone.legs) leg.hangUp();
        return telephone.left(2_000_000).every((count) => count === 0);
      }),
      { numRuns: 150 },
    );
  });

  test('nothing that a stranger sends makes us send a request, or pick up', () => {
    fc.assert(
      fc.property(anything, (datagrams) => {
        const telephone = openTelephone('203.0.113.0/24');
        for (const bytes of datagrams) telephone.receive(bytes);
        vi.advanceTimersByTime(64_000);
        return telephone.legs.length === 0 && telephone.said().every((one) => /^[3-6]\d\d$|^200$/.test(one));
      }),
      { numRuns: 150 },
    );
  });
});
