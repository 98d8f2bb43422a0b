import { request, type IncomingMessage, type ServerResponse } from 'node:http';

/** Hands what a Worker asks of another host to a gateway. What comes back, or a broken connection, goes to the Worker. */
export function throughGateway(gateway: string): (from: IncomingMessage, to: ServerResponse) => void {
  return (from, to) => {
    const url = new URL(from.url ?? '/', gateway);
    const passed = request(url, { method: from.method, headers: from.headers, setHost: false });
    passed.on('response', (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => to.destroy());
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    to.on('close', () => passed.destroy());
    from.pipe(passed);
  };
}
