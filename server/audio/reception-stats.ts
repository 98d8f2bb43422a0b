import type { ReportBlock, SenderInfo } from './rtcp.ts';
import { toNtp } from './rtcp.ts';

/** Counts one incoming RTP stream, as RFC 3550 §A.3 has it. */
export class ReceptionStats {
  readonly #ssrc: number;
  readonly #first: number;
  #highest: number;
  #wraps = 0;
  #received = 0;
  #before = { expected: 0, received: 0 };
  #lastReport: { readonly middle: number; readonly atMs: number } | undefined;

  constructor(ssrc: number, firstSequenceNumber: number) {
    this.#ssrc = ssrc;
    this.#first = firstSequenceNumber;
    this.#highest = firstSequenceNumber;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  packet(sequenceNumber: number): void {
    this.#received += 1;
    const ahead = (sequenceNumber - this.#highest) & 0xffff;
    if (ahead === 0 || ahead >= 0x8000) return;
    if (sequenceNumber < this.#highest) this.#wraps += 1;
    this.#highest = sequenceNumber;
  }

  senderReport({ ntpSeconds, ntpFraction }: SenderInfo, nowMs: number): void {
    const middle = (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0;
    this.#lastReport = { middle, atMs: nowMs };
  }

  get counts(): { received: number; lost: number } {
    return { received: this.#received, lost: Math.max(0, this.#expected - this.#received) };
  }

  /** What happened since the last block that was made. */
  block(jitterTicks: number, nowMs: number): ReportBlock {
    const expected = this.#expected - this.#before.expected;
    const lost = Math.max(0, expected - (this.#received - this.#before.received));
    this.#before = { expected: this.#expected, received: this.#received };
    const last = this.#lastReport;
    return {
      ssrc: this.#ssrc,
      lostShare: expected > 0 ? lost / expected : 0,
      lostPackets: this.counts.lost,
      highestSequence: this.#wraps * 0x10000 + this.#highest,
      jitterTicks: Math.round(jitterTicks),
      lastReport: last?.middle ?? 0,
      sinceLastReport: last ? Math.round(((nowMs - last.atMs) * 65_536) / 1_000) : 0,
    };
  }

  get #expected(): number {
    return this.#wraps * 0x10000 + this.#highest - this.#first + 1;
  }
}

/** The round trip that a block about our own stream shows; undefined before our first report has been seen. */
export function roundTripOf(block: ReportBlock, nowMs: number): number | undefined {
  if (block.lastReport === 0) return undefined;
  const ticks = (toNtp(nowMs).middle - block.lastReport - block.sinceLastReport) >>> 0;
  const roundTripMs = (ticks * 1_000) / 65_536;
  // A clock that runs backwards comes out as hours.
  return roundTripMs < 60_000 ? roundTripMs : undefined;
}
