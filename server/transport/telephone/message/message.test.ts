import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeFault, requestFault } from './check-request.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseMessage } from './parse-message.ts';
import { serializeMessage } from './serialize-message.ts';
import { headerOf, headersOf, listOf, type SipMessage, splitList } from './sip-message.ts';
import { parseSipUri } from './uri.ts';
import { parseVia, writeVia } from './via.ts';

const data = join(import.meta.dirname, '../../../../../shared/data/sip/rfc4475-valid');

function read(text: string): SipMessage {
  const result = parseMessage(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
  if (!result.ok) throw new Error(result.reason);
  return result.message;
}

const invite = `INVITE sip:+17205550100@192.0.2.1 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP proxy.example;branch=z9hG4bK2
f: "Ada \\"the\\" Caller" <sip:+17205550199@example.com;user=phone>;tag=a
t: <sip:+17205550100@example.com>
i: one@example
CSeq: 7 INVITE
Max-Forwards: 70
l: 4

body`;

test('a request is read with its compact names, its lists and its body as bytes', () => {
  const message = read(invite);
  expect(message).toMatchObject({ kind: 'request', method: 'INVITE', uri: 'sip:+17205550100@192.0.2.1' });
  expect(listOf(message, 'via')).toHaveLength(2);
  expect(headerOf(message, 'call-id')).toBe('one@example');
  expect(Buffer.from(message.body).toString()).toBe('body');
  expect(parseNameAddr(headerOf(message, 'from') ?? '')).toMatchObject({
    displayName: 'Ada "the" Caller',
    uri: 'sip:+17205550199@example.com;user=phone',
  });
});

test('bytes after the body are left for the next message of a stream', () => {
  const bytes = Buffer.from(`${invite.replaceAll('\n', '\r\n')}SIP/2.0 200 OK\r\n`);
  const result = parseMessage(bytes);
  expect(result.ok && bytes.subarray(result.endByte).toString()).toBe('SIP/2.0 200 OK\r\n');
});

test.each([
  ['another version', invite.replace('SIP/2.0\nVia', 'SIP/7.0\nVia'), 505],
  ['no start line', 'hello\n\n', 400],
  ['a method that is no token', invite.replace('INVITE sip', 'INV(ITE sip'), 400],
  ['a URI in brackets', invite.replace('sip:+17205550100@192.0.2.1', '<sip:a@b>'), 400],
  ['a header without a colon', invite.replace('CSeq: 7', 'CSeq 7'), 400],
  ['less body than announced', invite.replace('l: 4', 'l: 5000'), 400],
  ['a negative length', invite.replace('l: 4', 'l: -999'), 400],
  ['two lengths that differ', invite.replace('l: 4', 'l: 4\nContent-Length: 3'), 400],
  ['more headers than anyone needs', invite.replace('l: 4', 'l: 4\n'.repeat(300)), 400],
  ['a line longer than anyone needs', invite.replace('70', `70\nX: ${'x'.repeat(10_000)}`), 400],
  ['more than a datagram', `${invite}${'x'.repeat(70_000)}`, 413],
])('%s is a fault with the status it deserves', (_, text, status) => {
  const result = parseMessage(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
  expect(result).toMatchObject({ ok: false, status });
});

// After RFC 4475 §3.1.2: lwsruri, lwsstart, trws, ltgtruri.
test.each([
  ['white space in the Request-URI', invite.replace('@192.0.2.1 SIP', '@192.0.2.1; lr SIP')],
  ['more than one space in the start line', invite.replace('INVITE sip', 'INVITE  sip')],
  ['a space at the end of the start line', invite.replace('SIP/2.0\n', 'SIP/2.0 \n')],
  ['brackets around the Request-URI', invite.replace('sip:+17205550100@192.0.2.1', '<sip:a@b>')],
])('%s: the request can be told that its start line is bad', (_, text) => {
  const result = parseMessage(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
  expect(result).toMatchObject({ ok: false, status: 400, message: { kind: 'request', method: 'INVITE' } });
  expect(result.message && envelopeFault(result.message)).toBeUndefined();
});

test.each(['SIP/2.0 4294967301 better not break the receiver', 'SIP/2.0 99 Too Small', 'SIP/2.0200 OK', 'INVITE', ''])(
  'the start line %j is no message, and nobody is told',
  (line) => expect(parseMessage(Buffer.from(`${line}\r\nVia: SIP/2.0/UDP a\r\n\r\n`))).toMatchObject({ ok: false }),
);

test.each([
  ['CSeq of another method', invite.replace('7 INVITE', '7 BYE'), 400],
  ['CSeq beyond 31 bits', invite.replace('7 INVITE', '36893488147419103232 INVITE'), 400],
  ['no Call-ID', invite.replace('i: one@example\n', ''), 400],
  ['two From', invite.replace('f: ', 'From: <sip:b@c>;tag=b\nf: '), 400],
  ['an open quote', invite.replace('Caller" <', 'Caller <'), 400],
  ['an open bracket', invite.replace('@example.com>\n', '@example.com\n'), 400],
  ['no Via', invite.replace(/Via: .*\n/, ''), 400],
  ['a Via without a host', invite.replace('192.0.2.9:5060', ''), 400],
  ['a Via port of 99999', invite.replace('192.0.2.9:5060', '192.0.2.9:99999'), 400],
  ['Max-Forwards of 300', invite.replace('Forwards: 70', 'Forwards: 300'), 400],
  ['port 0 in the Request-URI', invite.replace('@192.0.2.1', '@192.0.2.1:0'), 400],
  ['a scheme nobody knows', invite.replace('sip:+17205550100@192.0.2.1', 'nobodyKnowsThisScheme:totallyopaque'), 416],
])('requestFault() names %s', (_, text, status) => {
  const message = read(text);
  expect(message.kind === 'request' && requestFault(message)).toMatchObject({ status });
});

const rfc4475 = existsSync(data) ? readdirSync(data).filter((file) => file.endsWith('.dat')) : [];

describe.skipIf(rfc4475.length === 0)('hard but valid messages of RFC 4475 §3.1.1', () => {
  test.each(rfc4475)('%s is read, accepted, and the same when written again', (file) => {
    const result = parseMessage(readFileSync(join(data, file)));
    if (!result.ok) throw new Error(result.reason);
    expect(envelopeFault(result.message)).toBeUndefined();
    if (result.message.kind === 'request') expect(requestFault(result.message)).toBeUndefined();
    const again = parseMessage(serializeMessage(result.message));
    expect(again.ok && withoutLength(again.message)).toEqual(withoutLength(result.message));
  });
});

const withoutLength = (message: SipMessage): SipMessage => ({
  ...message,
  headers: message.headers.filter(({ name }) => name !== 'content-length'),
  body: Uint8Array.from(message.body),
});

describe('whatever comes in', () => {
  const word = fc
    .stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
    .filter((name) => name !== 'content-length' && name.length > 1);
  const value = fc.stringMatching(/^[!-~](?:[ -~]{0,60}[!-~])?$/);
  const headers = fc.array(fc.record({ name: word, value }), { maxLength: 20 });
  const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes));
  const message: fc.Arbitrary<SipMessage> = fc.oneof(
    fc.record({
      kind: fc.constant('request' as const),
      method: fc.stringMatching(/^[A-Z]{1,12}$/),
      uri: fc.stringMatching(/^sips?:[a-z0-9.@;=]{1,40}$/),
      headers,
      body,
    }),
    fc.record({
      kind: fc.constant('response' as const),
      status: fc.integer({ min: 100, max: 699 }),
      reason: value,
      headers,
      body,
    }),
  );

  test('parseMessage() reads what serializeMessage() wrote', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const result = parseMessage(serializeMessage(sent));
        expect(result.ok && withoutLength(result.message)).toEqual(sent);
      }),
    );
  });

  test('nothing throws, and what is accepted stays within its bytes', () => {
    const wild = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.nat(invite.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 12 }))
        .map(([at, cut, put]) => Buffer.from(invite.slice(0, at) + put + invite.slice(at + cut), 'latin1')),
    );
    fc.assert(
      fc.property(wild, (bytes) => {
        const result = parseMessage(bytes);
        if (!result.ok || result.message.kind === 'response') return;
        expect(result.endByte).toBeLessThanOrEqual(bytes.length);
        requestFault(result.message);
        for (const name of ['from', 'to', 'contact', 'route']) headersOf(result.message, name).map(parseNameAddr);
        parseMessage(serializeMessage(result.message));
      }),
      { numRuns: 400 },
    );
  });
});

test('splitList() leaves commas in quotes and brackets alone', () => {
  expect(splitList('"a, b" <sip:a,b@c>, <sip:d@e> , ,f')).toEqual(['"a, b" <sip:a,b@c>', '<sip:d@e>', 'f']);
});

test.each([
  ['sip:ada@example.com:5061;transport=TCP?x=y', { user: 'ada', host: 'example.com', port: 5061 }],
  ['sips:[2001:DB8::1]:5061', { scheme: 'sips', host: '2001:db8::1', port: 5061 }],
  ['sip:%2B1720:secret@HOST', { user: '+1720', host: 'host', port: undefined }],
])('parseSipUri() reads %s', (text, expected) => expect(parseSipUri(text)).toMatchObject(expected));

test.each(['tel:+1720', 'sip:', 'sip:@host', 'sip:a@host:0', 'sip:a@host:99999', 'sip:a@ho st', 'sip:a@[::1'])(
  'parseSipUri() refuses %s',
  (text) => expect(parseSipUri(text)).toBeUndefined(),
);

test('serializeMessage() lets no value add a header', () => {
  const headers = [{ name: 'subject', value: 'a\r\nX-Injected: b' }];
  const bytes = serializeMessage({ kind: 'response', status: 200, reason: 'OK', headers, body: new Uint8Array() });
  expect(bytes.toString()).not.toContain('\nX-Injected');
});

test('writeVia() writes what parseVia() read', () => {
  const text = 'SIP/2.0/UDP [2001:db8::1]:5062;branch=z9hG4bK1;rport;received=192.0.2.1';
  const via = parseVia(text);
  expect(via && writeVia(via)).toBe(text);
});
