import { expect, test } from 'vitest';
import { ReceptionStats, roundTripOf } from './reception-stats.ts';
import { toNtp } from './rtcp.ts';

test('loss is what is missing between the first and the highest packet, over the wrap too', () => {
  const stats = new ReceptionStats(7, 65_533);
  for (const sequenceNumber of [65_533, 65_534, 0, 3, 1]) stats.packet(sequenceNumber);
  expect(stats.counts).toEqual({ received: 5, lost: 2 });
  expect(stats.block(0, 0)).toMatchObject({ ssrc: 7, lostShare: 2 / 7, lostPackets: 2, highestSequence: 65_536 + 3 });
  for (const sequenceNumber of [4, 5, 6]) stats.packet(sequenceNumber);
  expect(stats.block(0, 0).lostShare).toBe(0);
});

test('the round trip is what is left of the time since our report, without the peer’s own delay', () => {
  const sentAtMs = 1_800_000_000_000;
  const peer = new ReceptionStats(1, 0);
  const { seconds, fraction } = toNtp(sentAtMs);
  peer.senderReport({ ntpSeconds: seconds, ntpFraction: fraction, timestamp: 0, packets: 0, bytes: 0 }, 5_000);
  const block = peer.block(0, 5_700);
  expect(roundTripOf(block, sentAtMs + 700 + 80)).toBeCloseTo(80, 0);
  expect(roundTripOf(new ReceptionStats(1, 0).block(0, 0), sentAtMs)).toBeUndefined();
  expect(roundTripOf(block, sentAtMs - 5_000)).toBeUndefined();
});
