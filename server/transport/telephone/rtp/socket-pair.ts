import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/**
 * The socket for RTP and, on the port above, for RTCP. Undefined when one of the ports is taken. Sends to IP addresses
 * only: the way around the resolver saves a tenth of what a packet costs.
 */
export async function bindPair(host: string, port: number): Promise<[Socket, Socket] | undefined> {
  const family = isIPv6(host) ? 6 : 4;
  const open = (): Socket =>
    createSocket({ type: `udp${family}`, lookup: (address, _options, found) => found(null, address, family) });
  const pair: [Socket, Socket] = [open(), open()];
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
