import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRtp } from './rtp.ts';
import { KeyReceiver } from './telephone-event.ts';

const captures = join(import.meta.dirname, '../../../shared/data/sip/dtmf');

/** The packets of one press: some while it lasts, three at its end. */
function press(event: number, timestamp: number) {
  const packet = (duration: number, ended: boolean) => ({
    timestamp,
    payload: Uint8Array.of(event, (ended ? 0x80 : 0) | 10, duration >> 8, duration & 255),
  });
  return [160, 320, 480, 640].map((duration) => packet(duration, false)).concat(Array(3).fill(packet(800, true)));
}

function typed(packets: readonly ReturnType<typeof press>[number][]): string {
  const receiver = new KeyReceiver();
  const keys = packets.map((packet, index) => receiver.push(packet, index * 20) ?? '');
  return keys.join('') + (receiver.advance(packets.length * 20 + 250) ?? '');
}

test('each press counts once; the same key twice is two presses', () => {
  expect(typed([...press(5, 1_000), ...press(5, 3_000), ...press(11, 5_000)])).toBe('55#');
});

test('whichever packets are lost: a press of which one comes counts once', () => {
  const presses = [1, 2, 3, 4, 5, 6].map((event) => press(event, event * 2_000));
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), { minLength: 6, maxLength: 6 }),
      (kept) => {
        const packets = presses.flatMap((one, place) => one.filter((_, index) => kept[place]?.[index]));
        const expected = presses.map((_, place) => (kept[place]?.some(Boolean) ? String(place + 1) : '')).join('');
        expect(typed(packets)).toBe(expected);
      },
    ),
  );
});

test('packets that overtook each other do not press twice', () => {
  const [a, b] = [press(1, 1_000), press(2, 3_000)];
  expect(typed([...a.slice(0, 5), ...b.slice(0, 2), ...a.slice(5), ...b.slice(2)])).toBe('12');
  expect(typed([...b.slice(0, 2), ...a, ...b.slice(2)])).toBe('12');
});

test('what is no key is nothing', () => {
  expect(
    typed([
      { timestamp: 1, payload: Uint8Array.of(16, 0x80, 0, 1) },
      { timestamp: 2, payload: Uint8Array.of(1) },
    ]),
  ).toBe('');
});

/** The RTP packets in a capture of Ethernet or of raw IP. */
function rtpOf(file: Buffer) {
  const littleEndian = file.readUInt32LE(0) === 0xa1b2c3d4;
  const read = (at: number): number => (littleEndian ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const packets = [];
  for (let at = 24; at + 16 <= file.length; at += 16 + read(at + 8)) {
    const frame = file.subarray(at + 16, at + 16 + read(at + 8));
    const ip = read(20) === 1 ? 14 : read(20) === 113 ? 16 : 0;
    const packet = parseRtp(frame.subarray(ip + 20 + 8));
    if (packet) packets.push(packet);
  }
  return packets;
}

test.skipIf(!existsSync(captures)).each([
  ['0', '0'],
  ['7', '7'],
  ['star', '*'],
  ['pound', '#'],
])('the capture of key %s is read as %s', (name, key) => {
  const packets = rtpOf(readFileSync(join(captures, `dtmf_2833_${name}.pcap`)));
  expect(packets.length).toBeGreaterThan(3);
  expect(typed(packets.map(({ timestamp, payload }) => ({ timestamp, payload: Uint8Array.from(payload) })))).toBe(key);
});
