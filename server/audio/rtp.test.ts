import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRtp, serializeRtp } from './rtp.ts';

const packet = fc.record({
  payloadType: fc.integer({ min: 0, max: 127 }),
  marker: fc.boolean(),
  sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffffffff }),
  ssrc: fc.integer({ min: 0, max: 0xffffffff }),
  payload: fc.uint8Array({ maxLength: 1_200 }),
});

test('parseRtp() reads what serializeRtp() wrote', () => {
  fc.assert(
    fc.property(packet, (sent) => {
      const read = parseRtp(serializeRtp(sent));
      expect({ ...read, payload: [...(read?.payload ?? [])] }).toEqual({ ...sent, payload: [...sent.payload] });
    }),
  );
});

test('parseRtp() skips CSRCs, header extension and padding', () => {
  const header = serializeRtp({
    payloadType: 100,
    marker: true,
    sequenceNumber: 7,
    timestamp: 960,
    ssrc: 5,
    payload: new Uint8Array(),
  });
  header[0] = 0x80 | 0x20 | 0x10 | 1;
  const csrc = [0, 0, 0, 9];
  const extension = [0xbe, 0xde, 0, 1, 1, 2, 3, 4];
  const bytes = Uint8Array.from([...header, ...csrc, ...extension, 42, 43, 0, 0, 3]);
  expect([...(parseRtp(bytes)?.payload ?? [])]).toEqual([42, 43]);
});

test('parseRtp() never throws and never reads past the end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const read = parseRtp(bytes);
      if (read) expect(read.payload.length).toBeLessThanOrEqual(bytes.length - 12);
    }),
  );
});
