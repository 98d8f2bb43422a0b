import type { Socket } from 'node:net';
import type { Flow } from './flow.ts';
import { type Framed, Framer } from './framer.ts';
import type { Trace } from './trace.ts';
import { type IncomingListener, receiveParsed } from './incoming.ts';

export interface StreamPeerOptions {
  readonly socket: Socket;
  readonly listener: IncomingListener;
  /** Answers and requests go back by it. */
  readonly flow: Flow;
  /** Whether what comes may be read; without it the connection is closed. */
  readonly admits: () => boolean;
  readonly trace?: Trace | undefined;
  readonly onFault: (error: unknown) => void;
}

/** What waits to be sent to a peer that does not read. */
const maxUnsentBytes = 256 * 1_024;

/** Reads messages off a connection, whoever opened it. */
export function readMessages({ socket, listener, flow, admits, trace, onFault }: StreamPeerOptions): void {
  const framer = new Framer();
  socket.on('data', (part) => {
    if (!admits()) {
      socket.destroy();
      return;
    }
    trace?.('in', part, flow);
    for (const framed of framer.push(part)) {
      try {
        receive(framed, flow, socket, listener);
      } catch (error) {
        onFault(error);
      }
      if (framed.type === 'broken') socket.end();
    }
  });
}

function receive(framed: Framed, flow: Flow, socket: Socket, listener: IncomingListener): void {
  if (framed.type === 'ping') socket.write('\r\n');
  else if (framed.result) {
    const { result } = framed;
    const unframed = framed.type === 'broken' && result.ok;
    const fault = unframed
      ? { ...result, ok: false as const, status: 400 as const, reason: 'Bad Content-Length' }
      : result;
    receiveParsed(fault, flow, listener);
  }
}

/** Sends, or gives the connection up when its peer does not read. */
export function writeTo(socket: Socket, bytes: Uint8Array): void {
  if (socket.destroyed) return;
  if (socket.writableLength > maxUnsentBytes) socket.destroy();
  else socket.write(bytes);
}
