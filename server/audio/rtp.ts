/** An RTP packet (RFC 3550 §5.1), as far as a call's media needs it. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  /** In the codec's clock: 48,000 a second for Opus (RFC 7587 §4.1). */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const headerBytes = 12;

/** How long the header is, with CSRCs and extension; `undefined` for bytes that are not RTP version 2. Never throws. */
export function rtpHeaderBytes(bytes: Uint8Array): number | undefined {
  const first = bytes[0] ?? 0;
  if (bytes.length < headerBytes || first >> 6 !== 2) return undefined;
  let end = headerBytes + (first & 0x0f) * 4;
  if (first & 0x10) end += 4 + 4 * ((bytes[end + 2] ?? 0) * 0x100 + (bytes[end + 3] ?? 0));
  return end <= bytes.length ? end : undefined;
}

/** The packet, or `undefined` for bytes that are not RTP version 2. Its payload is a view. Never throws. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  const start = rtpHeaderBytes(bytes);
  if (start === undefined) return undefined;
  const [first, second] = [bytes[0] ?? 0, bytes[1] ?? 0];
  const end = bytes.length - (first & 0x20 ? (bytes[bytes.length - 1] ?? 0) : 0);
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: (bytes[2] ?? 0) * 0x100 + (bytes[3] ?? 0),
    timestamp: uint32(bytes, 4),
    ssrc: uint32(bytes, 8),
    payload: bytes.subarray(start, end),
  };
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** A packet with the plain 12-byte header: no CSRC, extension or padding. */
export function serializeRtp(packet: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + packet.payload.length);
  bytes[0] = 0x80;
  bytes[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  bytes.writeUInt16BE(packet.sequenceNumber & 0xffff, 2);
  bytes.writeUInt32BE(packet.timestamp >>> 0, 4);
  bytes.writeUInt32BE(packet.ssrc >>> 0, 8);
  bytes.set(packet.payload, headerBytes);
  return bytes;
}

/** From one sequence number to another around the 16-bit circle: -32,768 to 32,767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from + 0x8000) & 0xffff) - 0x8000;
}
