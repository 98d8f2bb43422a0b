import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRtcp, serializeRtcp, toNtp } from './rtcp.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const report = fc.record({
  ssrc: uint32,
  sender: fc.option(
    fc.record({ ntpSeconds: uint32, ntpFraction: uint32, timestamp: uint32, packets: uint32, bytes: uint32 }),
    { nil: undefined },
  ),
  blocks: fc.array(
    fc.record({
      ssrc: uint32,
      lostShare: fc.integer({ min: 0, max: 255 }).map((share) => share / 256),
      lostPackets: fc.integer({ min: 0, max: 0x7fffff }),
      highestSequence: uint32,
      jitterTicks: uint32,
      lastReport: uint32,
      sinceLastReport: uint32,
    }),
    { maxLength: 3 },
  ),
});

test('parseRtcp() reads what serializeRtcp() wrote, whatever follows it in the packet', () => {
  fc.assert(
    fc.property(report, fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (sent, name) => {
      expect(parseRtcp(serializeRtcp(sent, name))).toEqual([sent]);
      expect(parseRtcp(Buffer.concat([serializeRtcp(sent, name), Buffer.from([1, 2, 3])]))).toEqual([sent]);
    }),
  );
});

test('parseRtcp() never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void parseRtcp(bytes)));
});

test('toNtp() counts from 1900, in seconds and 2⁻³² s', () => {
  expect(toNtp(500)).toMatchObject({ seconds: 2_208_988_800, fraction: 2 ** 31 });
  expect(toNtp(500).middle).toBe(((2_208_988_800 & 0xffff) * 65_536 + 0x8000) >>> 0);
});
