import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import { levelOf } from '../../../server/audio/frame.ts';
import { decodeG711, encodeG711 } from '../../../server/audio/g711.ts';
import { parseRtp, serializeRtp } from '../../../server/audio/rtp.ts';
import type { PhonesState } from './relay.ts';

/**
 * Telephones in pairs, each with one packet every 20 ms: low noise, and now and then a loud one, whose way to the other
 * telephone is timed. Started by `relay.ts`, with the first port and how many telephones there are.
 */

const [firstPort = 0, phones = 0] = process.argv.slice(2).map(Number);
const packetMs = 20;
const markEvery = 25;
const loudest = 16_000;
/** Each packet another: what resembles what was just heard would be taken for an echo. */
const noise = (amplitude: number): Uint8Array =>
  encodeG711(
    'PCMU',
    Int16Array.from({ length: 160 }, () => randomInt(-amplitude, amplitude)),
  );
const quiet = Array.from({ length: 101 }, () => noise(300));
const loud = Array.from({ length: 101 }, () => noise(loudest));
const heardLevel = 2_000;

const markedMs = new Map<number, number>();
let packetsReceived = 0;
let delaysMs: number[] = [];

const sockets = await Promise.all(
  Array.from({ length: phones }, async (_, index) => {
    const socket = createSocket('udp4', (bytes) => hear(index, bytes));
    socket.bind(firstPort + index, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  }),
);

function hear(index: number, bytes: Uint8Array): void {
  const packet = parseRtp(bytes);
  if (!packet) return;
  packetsReceived += 1;
  const partner = index ^ 1;
  const sentMs = markedMs.get(partner);
  if (sentMs === undefined || levelOf(decodeG711('PCMU', packet.payload)) < heardLevel) return;
  markedMs.delete(partner);
  delaysMs.push(performance.now() - sentMs);
}

function talk(index: number, towards: number): void {
  const pacer = new Pacer(packetMs, () => performance.now());
  let sequenceNumber = 0;
  pacer.add(
    () => {
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      const isMark = (sequenceNumber + index) % markEvery === 0;
      if (isMark) markedMs.set(index, performance.now());
      const packet = {
        payloadType: 0,
        marker: false,
        sequenceNumber,
        timestamp: 160 * sequenceNumber,
        ssrc: index + 1,
        payload: (isMark ? loud : quiet)[(17 * index + sequenceNumber) % quiet.length] ?? new Uint8Array(),
      };
      sockets[index]?.send(serializeRtp(packet), towards, '127.0.0.1');
    },
    () => process.exit(1),
  );
}

const tell = (): void => {
  const message: PhonesState = { packetsReceived, delaysMs };
  process.send?.(message);
  delaysMs = [];
};
process.on('message', (towards: number[] | 'state') => {
  if (towards === 'state') {
    tell();
    return;
  }
  // Telephones do not keep time with each other, nor with us.
  for (const [index, port] of towards.entries()) setTimeout(() => talk(index, port), (packetMs * index) / phones);
});
tell();
await once(process, 'disconnect');
process.exit(0);
