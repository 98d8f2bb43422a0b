import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Renumbering } from './renumbering.ts';

const place = (sequenceNumber: number, ssrc = 7) => ({
  ssrc,
  sequenceNumber: sequenceNumber & 0xffff,
  timestamp: (sequenceNumber * 160) >>> 0,
});

test('gaps, disorder and times stay what they are, around every end, and no number is given twice', () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 120 });
  const number = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(number, number, arrivals, (theirFirst, ourFirst, places) => {
      const renumbering = new Renumbering();
      const given = new Set<number>();
      const begin = { sequenceNumber: ourFirst, timestamp: 0xffff_ff00 };
      // The first is there before those that it is measured by.
      for (const at of [0, ...places]) {
        const own = renumbering.place(place(theirFirst + at), () => begin);
        if (given.has(at)) expect(own).toBeUndefined();
        else {
          expect(own?.sequenceNumber).toBe((ourFirst + at) & 0xffff);
          const sincePackets = ((place(theirFirst + at).timestamp - place(theirFirst).timestamp) >>> 0) / 160;
          if (theirFirst + at <= 0xffff) expect(sincePackets).toBe(at);
          expect(own?.timestamp).toBe((begin.timestamp + 160 * sincePackets) >>> 0);
        }
        given.add(at);
      }
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['another source', place(500, 8)],
  ['a leap ahead', place(4_000)],
  ['a leap back', place(300)],
])('%s begins anew behind all that was sent', (_, next) => {
  const renumbering = new Renumbering();
  renumbering.place(place(500), () => ({ sequenceNumber: 10, timestamp: 0 }));
  renumbering.place(place(502), () => expect.unreachable());
  expect(renumbering.place(next, () => ({ sequenceNumber: 13, timestamp: 900 }))).toEqual({
    sequenceNumber: 13,
    timestamp: 900,
    first: true,
    furthest: true,
  });
  // Of before: its number may have been used.
  expect(renumbering.place({ ...next, sequenceNumber: next.sequenceNumber - 1 }, () => expect.unreachable())).toBe(
    undefined,
  );
});

test('what is passed over leaves no gap; what it makes way for is not sent twice', () => {
  const renumbering = new Renumbering();
  const free = () => ({ sequenceNumber: 100, timestamp: 0 });
  renumbering.passOver(place(1));
  const numberOf = (at: number): number | undefined => renumbering.place(place(at), free)?.sequenceNumber;
  expect([numberOf(2), numberOf(3)]).toEqual([100, 101]);
  renumbering.passOver(place(4));
  renumbering.passOver(place(6));
  renumbering.passOver(place(4));
  expect([numberOf(7), numberOf(3), numberOf(8)]).toEqual([103, undefined, 104]);
});
