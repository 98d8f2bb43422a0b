import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SoundHistory } from './sound-history.ts';

test('copy() gives what was pushed, as far as it is kept, and silence around it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), { maxLength: 8 }),
      fc.integer({ min: -20, max: 150 }),
      fc.integer({ min: 0, max: 60 }),
      (pieces, from, count) => {
        const history = new SoundHistory(64);
        for (const piece of pieces) history.push(Int16Array.from(piece));
        const all = pieces.flat();
        const firstKept = all.length - 64;
        const expected = Array.from({ length: count }, (_, n) => (from + n < firstKept ? 0 : (all[from + n] ?? 0)));
        expect([...history.copy(from, count)]).toEqual(expected);
      },
    ),
  );
});
