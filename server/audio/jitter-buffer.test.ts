import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

const first = 65_530;

/** Packets of 20 ms; each item is its place in the stream. */
function line() {
  const buffer = new JitterBuffer<number>(8_000);
  const shown = (played: ReturnType<typeof buffer.advance>) => played.map((one) => ('item' in one ? one.item : 'lost'));
  return {
    buffer,
    receive: (place: number, atMs: number) =>
      shown(buffer.push({ sequenceNumber: (first + place) & 0xffff, timestamp: place * 160 }, place, atMs)),
    wait: (nowMs: number) => shown(buffer.advance(nowMs)),
  };
}

test('packets in order pass at once, over the wrap of the sequence number too', () => {
  const { receive } = line();
  for (let place = 0; place < 20; place += 1) expect(receive(place, place * 20)).toEqual([place]);
});

test('an overtaken packet is waited for and put back in its place', () => {
  const { receive } = line();
  receive(0, 0);
  expect(receive(2, 20)).toEqual([]);
  expect(receive(1, 35)).toEqual([1, 2]);
});

test('a missing packet is given up after the wait, and told', () => {
  const { receive, wait, buffer } = line();
  receive(0, 0);
  expect(receive(2, 40)).toEqual([]);
  expect(buffer.waitMs).toBe(20);
  expect(wait(59)).toEqual([]);
  expect(wait(60)).toEqual(['lost', 2]);
  expect(receive(1, 61)).toEqual([]);
});

test('on a line with jitter it waits longer, up to 120 ms', () => {
  const { receive, buffer } = line();
  for (let place = 0; place < 100; place += 1) receive(place, place * 20 + (place % 2) * 18);
  expect(buffer.jitterMs).toBeGreaterThan(15);
  expect(buffer.waitMs).toBeGreaterThan(60);
  for (let place = 100; place < 200; place += 1) receive(place, place * 20 + (place % 2) * 500);
  expect(buffer.waitMs).toBe(120);
});

test('a jump of the sequence number starts afresh instead of counting thousands as lost', () => {
  const { receive } = line();
  receive(0, 0);
  expect(receive(20_000, 20)).toEqual([20_000]);
});

test('whatever comes in: what comes out ascends, was received, and nothing is kept for ever', () => {
  const arrivals = fc.array(fc.record({ place: fc.nat(49), afterMs: fc.nat(60) }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(arrivals, (packets) => {
      const { receive, wait } = line();
      let nowMs = 0;
      const out = [...receive(0, 0)];
      for (const { place, afterMs } of packets) {
        nowMs += afterMs;
        out.push(...wait(nowMs), ...receive(place, nowMs));
      }
      out.push(...wait(nowMs + 120));
      const items = out.filter((one) => one !== 'lost');
      expect(items).toEqual([...new Set(items)].sort((a, b) => a - b));
      const highest = Math.max(0, ...packets.map(({ place }) => place));
      expect(items.at(-1)).toBe(highest);
      expect(out).toHaveLength(highest + 1);
    }),
  );
});
