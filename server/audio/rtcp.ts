/** What one side reports of the stream it receives (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Since the report before, 0 to 1. */
  readonly lostShare: number;
  readonly lostPackets: number;
  readonly highestSequence: number;
  /** In the codec's clock. */
  readonly jitterTicks: number;
  /** The middle 32 bits of the NTP time in the last sender report, and how long ago that came, in 1/65,536 s. */
  readonly lastReport: number;
  readonly sinceLastReport: number;
}

export interface SenderInfo {
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface RtcpReport {
  readonly ssrc: number;
  /** Of a sender report. */
  readonly sender: SenderInfo | undefined;
  readonly blocks: readonly ReportBlock[];
}

const senderReport = 200;
const receiverReport = 201;
const description = 202;
/** From 1900 to 1970. */
const ntpOffsetS = 2_208_988_800;

/** The reports in a compound packet. Never throws; what is no RTCP has none. */
export function parseRtcp(bytes: Uint8Array): RtcpReport[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: RtcpReport[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const [first, type] = [view.getUint8(at), view.getUint8(at + 1)];
    const end = at + 4 * (view.getUint16(at + 2) + 1);
    if (first >> 6 !== 2 || end > bytes.length) return reports;
    const infoBytes = type === senderReport ? 20 : 0;
    const blocksAt = at + 8 + infoBytes;
    const count = first & 0x1f;
    if ((type === senderReport || type === receiverReport) && blocksAt + 24 * count <= end) {
      reports.push({
        ssrc: view.getUint32(at + 4),
        sender: type === senderReport ? readSender(view, at + 8) : undefined,
        blocks: Array.from({ length: count }, (_, index) => readBlock(view, blocksAt + 24 * index)),
      });
    }
    at = end;
  }
  return reports;
}

function readSender(view: DataView, at: number): SenderInfo {
  return {
    ntpSeconds: view.getUint32(at),
    ntpFraction: view.getUint32(at + 4),
    timestamp: view.getUint32(at + 8),
    packets: view.getUint32(at + 12),
    bytes: view.getUint32(at + 16),
  };
}

function readBlock(view: DataView, at: number): ReportBlock {
  return {
    ssrc: view.getUint32(at),
    lostShare: view.getUint8(at + 4) / 256,
    lostPackets: view.getInt32(at + 4) & 0x00ffffff,
    highestSequence: view.getUint32(at + 8),
    jitterTicks: view.getUint32(at + 12),
    lastReport: view.getUint32(at + 16),
    sinceLastReport: view.getUint32(at + 20),
  };
}

/** A compound packet: the report, and the name that RFC 3550 §6.1 wants with it. */
export function serializeRtcp({ ssrc, sender, blocks }: RtcpReport, name: string): Buffer {
  const text = Buffer.from(name, 'latin1').subarray(0, 255);
  const itemBytes = 4 * Math.ceil((4 + 2 + text.length + 1) / 4);
  const reportBytes = 8 + (sender ? 20 : 0) + 24 * blocks.length;
  const bytes = Buffer.alloc(reportBytes + 4 + itemBytes);
  bytes[0] = 0x80 | blocks.length;
  bytes[1] = sender ? senderReport : receiverReport;
  bytes.writeUInt16BE(reportBytes / 4 - 1, 2);
  bytes.writeUInt32BE(ssrc, 4);
  if (sender) {
    const { ntpSeconds, ntpFraction, timestamp, packets, bytes: sent } = sender;
    [ntpSeconds, ntpFraction, timestamp, packets, sent].forEach((value, index) =>
      bytes.writeUInt32BE(value >>> 0, 8 + 4 * index),
    );
  }
  blocks.forEach((block, index) => writeBlock(bytes, reportBytes - 24 * (blocks.length - index), block));
  bytes[reportBytes] = 0x81;
  bytes[reportBytes + 1] = description;
  bytes.writeUInt16BE(itemBytes / 4, reportBytes + 2);
  bytes.writeUInt32BE(ssrc, reportBytes + 4);
  bytes[reportBytes + 8] = 1;
  bytes[reportBytes + 9] = text.length;
  bytes.set(text, reportBytes + 10);
  return bytes;
}

function writeBlock(bytes: Buffer, at: number, block: ReportBlock): void {
  bytes.writeUInt32BE(block.ssrc, at);
  bytes.writeUInt32BE(Math.max(0, Math.min(0x7fffff, block.lostPackets)), at + 4);
  bytes[at + 4] = Math.min(255, Math.floor(block.lostShare * 256));
  bytes.writeUInt32BE(block.highestSequence >>> 0, at + 8);
  bytes.writeUInt32BE(block.jitterTicks >>> 0, at + 12);
  bytes.writeUInt32BE(block.lastReport >>> 0, at + 16);
  bytes.writeUInt32BE(block.sinceLastReport >>> 0, at + 20);
}

/** A moment as RTCP writes it. @param epochMs milliseconds since the Unix epoch. */
export function toNtp(epochMs: number): { seconds: number; fraction: number; middle: number } {
  const seconds = Math.floor(epochMs / 1_000) + ntpOffsetS;
  const fraction = Math.floor(((epochMs % 1_000) / 1_000) * 2 ** 32);
  return { seconds, fraction, middle: (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0 };
}
