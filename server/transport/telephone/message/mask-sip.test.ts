import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskSip } from './mask-sip.ts';

const mask = (text: string): string => maskSip(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));

test('names, numbers and secrets are masked; what tells how a call goes stays', () => {
  const text = `INVITE sip:+17205550123@203.0.113.5;user=phone SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
From: "Ada Caller" <sip:+17205550199@example.com>;tag=1
To: Grace Hopper <sip:grace@example.com>
P-Asserted-Identity: <tel:+17205550199>
Authorization: Digest username="parley", realm="a",
 response="0123456789abcdef"
Call-ID: 1@192.0.2.1
CSeq: 1 INVITE

v=0
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20
m=audio 4000 RTP/SAVP 0`;
  expect(mask(text)).toBe(`INVITE sip:*23@203.0.113.5;user=phone SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
From: "[masked]" <sip:*99@example.com>;tag=1
To: [masked] <sip:*@example.com>
P-Asserted-Identity: <tel:*99>
Authorization: [masked]
Call-ID: 1@192.0.2.1
CSeq: 1 INVITE

v=0
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[masked]|2^20
m=audio 4000 RTP/SAVP 0`);
});

test.each(['Signal=5\nDuration=160', '5', 'Signal = #'])('the key in an INFO with %j is masked', (body) => {
  expect(mask(`INFO sip:parley@192.0.2.1 SIP/2.0\nCall-ID: x\n\n${body}`).split('\n\n')[1]).not.toMatch(/[5#]/);
});

test('wherever a number or a password stands in a broken message, it does not come out', () => {
  const place = fc.constantFrom(
    (number: string) => `To: <sip:${number}@b>`,
    (number: string) => `t:sip:${number}@b;tag=1`,
    (number: string) => `Contact : "x" <sips:${number};phone-context=y@b:5060>`,
    (number: string) => `Authorization:Digest username="${number}"`,
    (number: string) => `From: "${number}" <sip:a@b>`,
    (number: string) => `P-Asserted-Identity: tel:${number}`,
  );
  fc.assert(
    fc.property(
      place,
      fc.bigInt({ min: 10n ** 6n, max: 10n ** 15n }).map(String),
      fc.string({ unit: 'binary' }),
      (line, number, noise) => {
        expect(maskSip(Buffer.from(`${noise.replaceAll('"', '')}\n${line(number)}\n`, 'latin1'))).not.toContain(number);
      },
    ),
    { examples: [[(number) => `From: "${number}" <sip:a@b>`, '1000000', '\n']] },
  );
});
