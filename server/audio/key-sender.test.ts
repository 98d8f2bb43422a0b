import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyPacket, KeySender } from './key-sender.ts';
import { KeyReceiver, keyEvents } from './telephone-event.ts';

function framesOf(sender: KeySender, count: number, frameTicks = 160): (KeyPacket | undefined)[] {
  return Array.from({ length: count }, (_, n) => sender.next(1_000 + n * frameTicks));
}

test('a key is down for 100 ms, its end is told three times, and a rest follows', () => {
  const sender = new KeySender(160);
  expect(sender.press('5')).toBe(true);
  const packets = framesOf(sender, 12);
  const sent = packets.filter((packet) => packet !== undefined);
  expect(packets.findLastIndex((packet) => packet !== undefined)).toBe(6);
  expect(sent.map(({ marker }) => marker)).toEqual([true, false, false, false, false, false, false]);
  expect(new Set(sent.map(({ timestamp }) => timestamp))).toEqual(new Set([1_000]));
  expect(sent.map(({ payload }) => (payload[2] ?? 0) * 256 + (payload[3] ?? 0))).toEqual([
    160, 320, 480, 640, 800, 800, 800,
  ]);
  expect(sent.map(({ payload }) => (payload[1] ?? 0) >= 0x80)).toEqual([false, false, false, false, true, true, true]);
});

test('at Opus’s clock durations count 48,000 a second', () => {
  const sender = new KeySender(960);
  sender.press('#');
  const last = framesOf(sender, 7, 960).at(-1)?.payload;
  expect([last?.[0], (last?.[2] ?? 0) * 256 + (last?.[3] ?? 0)]).toEqual([11, 4_800]);
});

test('whatever is pressed, and whichever packets are lost beside one of each press, each key is understood once', () => {
  const keys = fc.array(fc.constantFrom(...keyEvents), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(keys, fc.infiniteStream(fc.boolean()), (pressed, lost) => {
      const sender = new KeySender(160);
      expect(sender.press(pressed.join(''))).toBe(true);
      const receiver = new KeyReceiver();
      const heard: string[] = [];
      framesOf(sender, 10 * pressed.length + 40).forEach((packet, frame) => {
        const drop = lost.next().value && frame % 10 !== 6;
        if (packet && !drop) heard.push(receiver.push(packet, 20 * frame) ?? '');
        heard.push(receiver.advance(20 * frame) ?? '');
      });
      expect(heard.join('')).toBe(pressed.join(''));
      expect(sender.next(0)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test.each(['12x', '1 2', '0'.repeat(65)])('"%s" is not pressed at all', (keys) => {
  const sender = new KeySender(160);
  expect(sender.press(keys)).toBe(false);
  expect(sender.next(0)).toBeUndefined();
});
