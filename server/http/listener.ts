import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { type WebSocket, WebSocketServer } from 'ws';
import { Carrier, streamPath } from '../../contract/carrier-stream.ts';
import { maxMessageBytes, SignalingSocket } from '../transport/browser/signaling-socket.ts';
import { maxMessageBytes as maxStreamMessageBytes } from '../transport/stream/carrier-socket.ts';

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly now: () => number;
  /** What `GET /healthz` answers beside `ok`. */
  readonly health: () => Record<string, unknown>;
  /** More of its own, as what the control plane asks. */
  readonly routes?: Hono;
  readonly onSignaling: (socket: SignalingSocket, origin: string | undefined) => void;
  readonly onStream: (carrier: Carrier, socket: WebSocket) => void;
}

/** The media node's HTTP side: health, and the WebSockets that pages and carriers talk to. */
export async function listen(options: ListenerOptions): Promise<Server> {
  const { host, port, now, health, routes, onSignaling, onStream } = options;
  const app = new Hono();
  if (routes) app.route('/', routes);
  app.get('/healthz', (c) => c.json({ ok: true, ...health() }));
  app.notFound((c) =>
    c.json(
      { error: { code: 'not-found', message: 'Nothing is here.', action: 'Signaling is at /v1/signaling.' } },
      404,
    ),
  );
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  // A little over the limit, so that a page hears why before it is cut off.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes * 4 });
  const streams = new WebSocketServer({ noServer: true, maxPayload: maxStreamMessageBytes });
  server.on('upgrade', (request, socket, head) => {
    // A client that goes away in the middle of this.
    socket.on('error', () => socket.destroy());
    const path = request.url?.split('?')[0];
    const carrier = Carrier.options.find((each) => streamPath(each) === path);
    if (carrier !== undefined) {
      streams.handleUpgrade(request, socket, head, (ws) => onStream(carrier, ws));
      return;
    }
    if (path !== '/v1/signaling') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) =>
      onSignaling(new SignalingSocket(ws, now), request.headers.origin),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? 'another program uses it. Set PARLEY_SIGNALING_PORT to a free one' : cause.message;
      reject(new Error(`Cannot open port ${port} on ${host}: ${why}.`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  return server;
}
