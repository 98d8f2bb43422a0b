import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** The socket for RTP and, on the port above, for RTCP. Undefined when one of the ports is taken. */
export async function bindPair(host: string, port: number): Promise<[Socket, Socket] | undefined> {
  const pair = [port, port + 1].map(() => createSocket(isIPv6(host) ? 'udp6' : 'udp4')) as [Socket, Socket];
  try {
    await Promise.all(
      pair.map(async (socket, index) => {
        const bound = once(socket, 'listening');
        socket.bind(port + index, host);
        await bound;
      }),
    );
    return pair;
  } catch {
    for (const socket of pair) socket.close();
    return undefined;
  }
}
