import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What a bad network does to a request: it never arrives, or it arrives and its answer does not, and the sender is told so by
 * a broken connection; or the answer is held up, and comes late to whoever still waits for it.
 */
export type Cut = 'request-lost' | 'answer-lost' | 'answer-late';

/** A request that the other side has answered, whether or not the answer was handed back. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

export interface LinkRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

export interface LinkOptions {
  /** Where a request goes, by its `Host`. Null: nobody is there. */
  readonly route: (host: string) => { readonly host: string; readonly port: number } | null;
  /** What is to become of the request. `over` resolves when nothing is held up any more. */
  readonly fate: (request: LinkRequest) => { readonly cut: Cut; readonly over: Promise<void> } | null;
  readonly watch?: (exchange: Exchange) => void;
}

/** The network between two programs that talk HTTP: it passes everything on, until it is cut. */
export class Link {
  readonly url: string;
  readonly #server: Server;
  readonly #options: LinkOptions;
  readonly #agent = new Agent({ keepAlive: false });

  private constructor(server: Server, options: LinkOptions) {
    this.#server = server;
    this.#options = options;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (from, to) => void this.#pass(from, to).catch(() => to.destroy()));
  }

  static async open(options: LinkOptions): Promise<Link> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Link(server, options);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const { headers, method = 'GET', url: path = '/' } = from;
    const host = headers.host ?? '';
    const body = await bytesOf(from);
    const target = this.#options.route(host);
    const fate = this.#options.fate({ host, method, path });
    if (target === null || fate?.cut === 'request-lost') {
      to.destroy();
      return;
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ ...target, agent: this.#agent, method, path, headers }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
    const answerBody = await bytesOf(answer);
    const status = answer.statusCode ?? 502;
    this.#options.watch?.({
      method,
      path,
      requestBody: body.toString('utf8'),
      status,
      responseBody: answerBody.toString('utf8'),
    });
    if (fate?.cut === 'answer-lost') {
      to.destroy();
      return;
    }
    if (fate?.cut === 'answer-late') await fate.over;
    const { 'transfer-encoding': _, ...kept } = answer.headers;
    to.writeHead(status, { ...kept, 'content-length': answerBody.length }).end(answerBody);
  }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
