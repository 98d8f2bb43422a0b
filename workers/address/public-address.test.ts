import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressTrouble, privateUrlTrouble, urlTrouble } from './public-address.ts';

const strict = { loopback: false };
const refuses = (url: string): boolean => urlTrouble(url, strict) !== null;

/** Some networks that are nobody's business, as first octets and how many bits of the first two are fixed. */
const inner = fc
  .oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 239, 240, 255), fc.nat(255)),
    fc.tuple(fc.constant(169), fc.constant(254)),
    fc.tuple(fc.constant(192), fc.constant(168)),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 })),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 })),
    fc.tuple(fc.constant(198), fc.constantFrom(18, 19)),
  )
  .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), fc.nat(255), fc.nat(255)));

const octal = (n: number): string => `0${n.toString(8)}`;
const hex = (n: number): string => `0x${n.toString(16)}`;
const group = (high: number, low: number): string => (high * 256 + low).toString(16);

describe('where webhooks are sent', () => {
  it('is https on the public internet', () => {
    for (const url of [
      'https://example.com/hooks?shop=1',
      'https://hooks.example.co.uk:8443/',
      'https://8.8.8.8/hook',
      'https://[2606:4700::1111]/hook',
      'https://172.32.0.1/',
      'https://100.128.0.1/',
    ])
      expect([url, urlTrouble(url, strict)]).toEqual([url, null]);
  });

  it.each([
    ['not a url', /no URL/],
    ['http://example.com/', /https: only/],
    ['ftp://example.com/', /https: only/],
    ['file:///etc/passwd', /https: only/],
    ['javascript:alert(1)', /https: only/],
    ['https://user:pass@example.com/', /password/],
    ['https://token@example.com/', /password/],
    ['https://example.com/#x', /#/],
    ['https://localhost/', /no name on the public internet/],
    ['https://LOCALHOST./', /no name on the public internet/],
    ['https://router/', /no name on the public internet/],
    ['https://printer.local/', /no name on the public internet/],
    ['https://metadata.google.internal/computeMetadata/v1/', /no name on the public internet/],
    ['https://metadata.google.internal./', /no name on the public internet/],
    ['https://a.localhost/', /no name on the public internet/],
    ['https://169.254.169.254/latest/meta-data/', /no public address/],
    ['https://168.63.129.16/', /no public address/],
    ['https://100.100.100.200/', /no public address/],
    ['https://2130706433/', /no public address/],
    ['https://0x7f.1/', /no public address/],
    ['https://0177.0.0.1/', /no public address/],
    ['https://127.1/', /no public address/],
    ['https://０１７７.0.0.1/', /no public address/],
    ['https://①⑥⑨.254.169.254/', /no public address/],
    ['https://127。0。0。1/', /no public address/],
    ['https://[::]/', /no public address/],
    ['https://[::1]/', /no public address/],
    ['https://[fd00:ec2::254]/', /no public address/],
    ['https://[fe80::1]/', /no public address/],
    ['https://[ff02::1]/', /no public address/],
    ['https://[2001:db8::1]/', /no public address/],
    ['https://[2001::1]/', /no public address/],
    ['https://[2002:7f00:1::]/', /no public address/],
    ['https://[64:ff9b::7f00:1]/', /no public address/],
    ['https://[64:ff9b:1::a00:1]/', /no public address/],
    ['https://[::ffff:8.8.8.8]/', /no public address/],
  ])('is not %s', (url, reason) => {
    expect(urlTrouble(url, strict)).toMatch(reason);
  });

  it('is no inner IPv4 address, in whatever notation', () => {
    fc.assert(
      fc.property(inner, ([a, b, c, d]) => {
        const whole = ((a * 256 + b) * 256 + c) * 256 + d;
        const hosts = [
          `${a}.${b}.${c}.${d}`,
          String(whole),
          hex(whole),
          octal(whole),
          [a, b, c, d].map(octal).join('.'),
          [a, b, c, d].map(hex).join('.'),
          `${a}.${(b * 256 + c) * 256 + d}`,
          `${hex(a)}.${octal(b)}.${c * 256 + d}`,
          `${a}.${b}.${c}.${d}.`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
          `[::ffff:${group(a, b)}:${group(c, d)}]`,
          `[::${group(a, b)}:${group(c, d)}]`,
          `[64:ff9b::${group(a, b)}:${group(c, d)}]`,
          `[64:ff9b:1::${group(a, b)}:${group(c, d)}]`,
          `[2002:${group(a, b)}:${group(c, d)}::1]`,
        ];
        expect(hosts.filter((host) => !refuses(`https://${host}/`))).toEqual([]);
        expect(addressTrouble(`${a}.${b}.${c}.${d}`)).not.toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it('is no IPv6 address outside global unicast, and what it is told never throws', () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (parts) => {
        const text = parts.map((part) => part.toString(16)).join(':');
        const outside = ((parts[0] ?? 0) & 0xe000) !== 0x2000;
        if (outside) expect(addressTrouble(text)).not.toBeNull();
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const odd of [text, `https://${text}/`, `https://a.example/${text}`]) urlTrouble(odd, { loopback: true });
        expect(addressTrouble(text)).not.toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it('may be this machine in development, and nothing else that is near', () => {
    const trouble = (url: string) => urlTrouble(url, { loopback: true });
    for (const url of ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'https://[::1]/', 'http://127.1/'])
      expect([url, trouble(url)]).toEqual([url, null]);
    for (const url of ['http://192.168.0.1/', 'http://example.com/', 'https://169.254.169.254/', 'ws://127.0.0.1/'])
      expect(trouble(url)).not.toBeNull();
  });
});

describe('privateUrlTrouble', () => {
  it.each([
    'http://192.168.1.20:5232/ann/',
    'https://localhost/dav',
    'http://[fd12::7]/',
    'http://nas.lan/',
    'https://a.example/',
  ])('lets %s through', (url) => {
    expect(privateUrlTrouble(url)).toBeNull();
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://168.63.129.16/',
    'http://100.100.100.200/',
    'http://metadata.google.internal./computeMetadata/v1/',
  ])('refuses the metadata of a cloud: %s', (url) => {
    expect(privateUrlTrouble(url)).toContain('metadata');
  });

  it.each(['ftp://nas.lan/', 'http://ann:secret@nas.lan/', 'nas.lan'])('refuses %s', (url) => {
    expect(privateUrlTrouble(url)).not.toBeNull();
  });
});
