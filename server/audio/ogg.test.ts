import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePage, readPages } from './ogg.ts';
import { OggOpusStream } from './ogg-opus.ts';

const packet = fc.uint8Array({ maxLength: 700 });
const page = fc.record({
  serial: fc.nat(0xffffffff),
  sequence: fc.nat(0xffffffff),
  granule: fc.bigInt(0n, 2n ** 60n),
  first: fc.boolean(),
  last: fc.boolean(),
  packets: fc.array(packet, { minLength: 1, maxLength: 50 }),
});
const joined = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

describe('Ogg pages', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(page, { maxLength: 4 }), (pages) => {
        const file = joined(pages.map(encodePage));
        const read = readPages(file);
        expect(read.bytes).toBe(file.length);
        expect(read.pages.map((each) => ({ ...each, packets: each.packets.map((bytes) => [...bytes]) }))).toEqual(
          pages.map((each) => ({ ...each, packets: each.packets.map((bytes) => [...bytes]) })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('end where one is torn or damaged', () => {
    const pages = [1, 2, 3].map((sequence) =>
      encodePage({ serial: 7, sequence, granule: 960n, packets: [new Uint8Array(300).fill(sequence)] }),
    );
    const file = joined(pages);
    const length = pages[0]?.length ?? 0;
    for (const cut of [0, 1, 26, 27, 28, length - 1])
      expect(readPages(file.subarray(0, 2 * length + cut))).toMatchObject({ bytes: 2 * length });
    const damaged = Uint8Array.from(file);
    damaged[length + 100] = 0xff;
    expect(readPages(damaged).bytes).toBe(length);
  });

  test('hold no more than a page can', () => {
    const packets = Array.from({ length: 64 }, () => new Uint8Array(1_000));
    expect(() => encodePage({ serial: 1, sequence: 0, granule: 0n, packets })).toThrow('255 segments');
  });
});

test('the stream has the headers of RFC 7845, and counts at 48,000 Hz without the pre-skip', () => {
  const stream = new OggOpusStream({
    serial: 9,
    channels: 2,
    inputRateHz: 16_000,
    preSkip: 312,
    comments: ['TITLE=A'],
  });
  const packets = [new Uint8Array([1]), new Uint8Array([2, 3])];
  const { pages } = readPages(joined([stream.head(), stream.page(packets), stream.page(packets, true)]));
  const [head, tags, first, second] = pages;
  expect(pages.map(({ sequence, granule }) => [sequence, granule])).toEqual([
    [0, 0n],
    [1, 0n],
    [2, 1_920n],
    [3, 3_840n],
  ]);
  expect(pages.map((each) => each.first)).toEqual([true, false, false, false]);
  expect([first?.last, second?.last]).toEqual([false, true]);
  const id = head?.packets[0] ?? new Uint8Array();
  expect(new TextDecoder().decode(id.subarray(0, 8))).toBe('OpusHead');
  expect([...id.subarray(8)]).toEqual([1, 2, 312 & 255, 312 >> 8, 0x80, 0x3e, 0, 0, 0, 0, 0]);
  expect(new TextDecoder().decode(tags?.packets[0])).toBe('OpusTags\u0006\0\0\0Parley\u0001\0\0\0\u0007\0\0\0TITLE=A');
});
