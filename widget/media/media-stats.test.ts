import { describe, expect, it } from 'vitest';
import { readStats } from './media-stats.ts';

const pair = { type: 'candidate-pair', state: 'succeeded', currentRoundTripTime: 0.042 };
const inbound = (jitterBufferDelay: number, jitterBufferEmittedCount: number) => ({
  type: 'inbound-rtp',
  kind: 'audio',
  jitterBufferDelay,
  jitterBufferEmittedCount,
});

describe('readStats', () => {
  it('gives the round trip and the jitter buffer in ms', () => {
    // 48,000 samples, each of which waited 60 ms.
    const { stats } = readStats([pair, inbound(2_880, 48_000)], null);
    expect(stats?.roundTripMs).toBeCloseTo(42);
    expect(stats?.jitterBufferMs).toBeCloseTo(60);
  });

  it('gives the mean since the report before', () => {
    const { counters } = readStats([pair, inbound(2_880, 48_000)], null);
    const { stats } = readStats([pair, inbound(2_880 + 960, 96_000)], counters);
    expect(stats?.jitterBufferMs).toBeCloseTo(20);
  });

  it('starts over when the transport was replaced and its counters are smaller', () => {
    const { counters } = readStats([pair, inbound(2_880, 48_000)], null);
    const { stats } = readStats([pair, inbound(480, 4_800)], counters);
    expect(stats?.jitterBufferMs).toBeCloseTo(100);
  });

  it.each([
    ['nothing played yet', [pair, inbound(0, 0)]],
    ['no pair in use', [{ ...pair, state: 'waiting' }, inbound(1, 100)]],
    ['no audio', [pair]],
    ['an empty report', []],
  ])('knows nothing with %s', (_, report) => {
    expect(readStats(report, null).stats).toBeNull();
  });
});
