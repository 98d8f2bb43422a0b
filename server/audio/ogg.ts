/** One Ogg page (RFC 3533 §6). */
export interface OggPage {
  readonly serial: number;
  /** Counts from 0 in each stream. */
  readonly sequence: number;
  /** Samples at 48,000 Hz that are complete with this page (RFC 7845 §4). */
  readonly granule: bigint;
  readonly first?: boolean;
  readonly last?: boolean;
  /** Whole packets: none goes on in the next page. 255 segments of 255 bytes at most, altogether. */
  readonly packets: readonly Uint8Array[];
}

const capture = [0x4f, 0x67, 0x67, 0x53] as const;
const headerBytes = 27;
const maxSegments = 255;
const flags = { first: 0x02, last: 0x04 } as const;

export function encodePage({ serial, sequence, granule, first, last, packets }: OggPage): Uint8Array<ArrayBuffer> {
  const lacing = packets.flatMap(({ length }) => [
    ...Array<number>(Math.floor(length / 255)).fill(255),
    // A packet ends with a segment of less than 255 bytes, if need be of none.
    length % 255,
  ]);
  if (lacing.length > maxSegments)
    throw new Error(`An Ogg page takes ${maxSegments} segments, got ${lacing.length}: put fewer packets in it`);
  const body = packets.reduce((sum, { length }) => sum + length, 0);
  const page = new Uint8Array(headerBytes + lacing.length + body);
  const view = new DataView(page.buffer);
  page.set(capture);
  page[5] = (first ? flags.first : 0) | (last ? flags.last : 0);
  view.setBigInt64(6, granule, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  page[26] = lacing.length;
  page.set(lacing, headerBytes);
  let at = headerBytes + lacing.length;
  for (const packet of packets) {
    page.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(page), true);
  return page;
}

/** The pages that are whole and undamaged, up to the first that is not. `bytes` is where they end. */
export function readPages(file: Uint8Array): { pages: readonly OggPage[]; bytes: number } {
  const pages: OggPage[] = [];
  let at = 0;
  for (;;) {
    const read = readPage(file.subarray(at));
    if (read === undefined) return { pages, bytes: at };
    pages.push(read.page);
    at += read.bytes;
  }
}

function readPage(file: Uint8Array): { page: OggPage; bytes: number } | undefined {
  if (file.length < headerBytes || capture.some((byte, index) => file[index] !== byte)) return undefined;
  const segments = file[26] ?? 0;
  const lacing = file.subarray(headerBytes, headerBytes + segments);
  const bytes = headerBytes + segments + lacing.reduce((sum, length) => sum + length, 0);
  if (lacing.length < segments || file.length < bytes) return undefined;
  // A copy, also of a Buffer, whose `slice` makes none.
  const copy = new Uint8Array(file.subarray(0, bytes));
  const view = new DataView(copy.buffer);
  const sum = view.getUint32(22, true);
  view.setUint32(22, 0, true);
  if (checksum(copy) !== sum) return undefined;
  const kind = copy[5] ?? 0;
  return {
    bytes,
    page: {
      serial: view.getUint32(14, true),
      sequence: view.getUint32(18, true),
      granule: view.getBigInt64(6, true),
      first: (kind & flags.first) !== 0,
      last: (kind & flags.last) !== 0,
      packets: packetsOf(lacing, copy.subarray(headerBytes + segments)),
    },
  };
}

function packetsOf(lacing: Uint8Array, body: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let [start, end] = [0, 0];
  for (const length of lacing) {
    end += length;
    if (length === 255) continue;
    packets.push(body.subarray(start, end));
    start = end;
  }
  return packets;
}

/** CRC-32 with the polynomial 04C11DB7, from 0, not reflected; its own field counts as 0. */
const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ (table[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return sum;
}
