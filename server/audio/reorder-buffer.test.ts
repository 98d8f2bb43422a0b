import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReorderBuffer } from './reorder-buffer.ts';

/** Each packet's item is its place in the stream, so that order can be read off. */
function receive(places: readonly number[], first = 65_530): { items: number[]; lost: number } {
  const buffer = new ReorderBuffer<number>();
  const out = places.flatMap((place) => buffer.push((first + place) & 0xffff, place));
  return { items: out.map(({ item }) => item), lost: out.reduce((sum, { lost }) => sum + lost, 0) };
}

test('packets that come in order pass at once, also over the wrap of the sequence number', () => {
  const places = Array.from({ length: 40 }, (_, place) => place);
  expect(receive(places)).toEqual({ items: places, lost: 0 });
});

test('a packet that was overtaken is put back in its place', () => {
  expect(receive([0, 2, 1, 3, 6, 5, 4, 7]).items).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a missing packet is given up once four later ones wait, and counted as lost', () => {
  expect(receive([0, 1, 3, 4, 5])).toEqual({ items: [0, 1], lost: 0 });
  expect(receive([0, 1, 3, 4, 5, 6])).toEqual({ items: [0, 1, 3, 4, 5, 6], lost: 1 });
});

test('duplicates and latecomers are dropped', () => {
  expect(receive([0, 1, 1, 2, 0, 3]).items).toEqual([0, 1, 2, 3]);
});

test('a jump of the sequence number starts afresh instead of counting thousands as lost', () => {
  expect(receive([0, 1, 20_000, 20_001])).toEqual({ items: [0, 1, 20_000, 20_001], lost: 0 });
});

test('whatever comes in, what goes out is ascending and was received', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 49 }), { minLength: 1, maxLength: 120 }), (places) => {
      const { items } = receive([0, ...places]);
      expect([...items].sort((a, b) => a - b)).toEqual(items);
      expect(new Set(items).size).toBe(items.length);
      for (const item of items) expect([0, ...places]).toContain(item);
    }),
  );
});
