import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import * as v from 'valibot';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import { encodeG711 } from '../../../server/audio/g711.ts';
import { OpusEncoder } from '../../../server/audio/opus.ts';
import { serializeRtp } from '../../../server/audio/rtp.ts';
import { SrtpSender } from '../../../server/transport/telephone/srtp/srtp-sender.ts';
import { Ports } from './leg-telephones.ts';
import { keyOf } from './leg-keys.ts';

const [count = '1', codec = 'PCMU', key = ''] = process.argv.slice(2);
const wide = codec === 'opus';
const sound = Int16Array.from({ length: wide ? 320 : 160 }, (_, n) => 3_000 * Math.sin(n / 3));
const payload = wide ? new OpusEncoder().encode(sound) : encodeG711(codec === 'PCMA' ? 'PCMA' : 'PCMU', sound);
const payloadType = wide ? 111 : codec === 'PCMA' ? 8 : 0;

const sockets: Socket[] = [];
for (let n = 0; n < Number(count); n += 1) {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  sockets.push(socket);
}
process.send?.({ ports: sockets.map((socket) => socket.address().port) } satisfies Ports);
const [message] = (await once(process, 'message')) as [unknown];
const { ports } = v.parse(Ports, message);

const pacer = new Pacer(20, () => performance.now());
for (const [index, socket] of sockets.entries()) {
  const sender = key === '' ? undefined : new SrtpSender('AES_CM_128_HMAC_SHA1_80', keyOf(key));
  let sequenceNumber = 0;
  pacer.add(
    () => {
      sequenceNumber += 1;
      const packet = serializeRtp({
        payloadType,
        marker: false,
        sequenceNumber: sequenceNumber & 0xffff,
        timestamp: sequenceNumber * (wide ? 960 : 160),
        ssrc: index + 1,
        payload,
      });
      socket.send(sender ? sender.rtp(packet) : packet, ports[index], '127.0.0.1', () => undefined);
    },
    (error) => {
      throw error;
    },
  );
}
