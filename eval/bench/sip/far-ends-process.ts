import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encodeG711 } from '../../../server/audio/g711.ts';
import { serializeRtp } from '../../../server/audio/rtp.ts';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import type { FarEndsState } from './legs.ts';

/** The callers' side of many calls: each sends a packet every 20 ms and counts those that come. Started by `legs.ts`. */

const [firstPort = 0, legs = 0] = process.argv.slice(2).map(Number);
const samples = Int16Array.from({ length: 160 }, (_, n) => 8_000 * Math.sin(n / 2));
const payload = encodeG711('PCMU', samples);
const pacer = new Pacer(20, () => performance.now());
let packetsReceived = 0;
const ends = await Promise.all(
  Array.from({ length: legs }, async (_, index) => {
    const socket = createSocket('udp4', () => void (packetsReceived += 1));
    socket.bind(firstPort + index, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  }),
);

const tell = (): void => {
  const message: FarEndsState = { packetsReceived };
  process.send?.(message);
};
process.on('message', (towards: number[] | 'state') => {
  if (towards === 'state') {
    tell();
    return;
  }
  for (const [index, socket] of ends.entries()) {
    let sequenceNumber = 0;
    pacer.add(
      () => {
        sequenceNumber = (sequenceNumber + 1) & 0xffff;
        const packet = {
          payloadType: 0,
          marker: false,
          sequenceNumber,
          timestamp: 160 * sequenceNumber,
          ssrc: index + 1,
          payload,
        };
        socket.send(serializeRtp(packet), towards[index], '127.0.0.1');
      },
      () => process.exit(1),
    );
  }
});
tell();
await once(process, 'disconnect');
process.exit(0);
