import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { CrmMessage } from '../../contract/crm-message.ts';

export interface ReceivedMessage {
  readonly webhookId: string;
  readonly atMs: number;
  readonly message: CrmMessage;
}

/** An owner's CRM: a real HTTP server that takes only what is signed. */
export class CrmReceiver {
  readonly url: string;
  readonly received: ReceivedMessage[] = [];
  /** Requests that were turned away, with the reason. */
  readonly refused: string[] = [];
  private readonly server: ReturnType<typeof createServer>;
  private readonly waiting = new Set<() => void>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  }

  static async start(secret: string): Promise<CrmReceiver> {
    const verifier = new Webhook(secret);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new CrmReceiver(server);
    server.on('request', (request, response) => {
      void receiver.take(request, verifier).then((status) => response.writeHead(status).end());
    });
    return receiver;
  }

  /** Messages of one call, in the order they came. */
  of(callId: string, type?: CrmMessage['type']): ReceivedMessage[] {
    return this.received.filter(
      ({ message }) => message.data.callId === callId && (type ?? message.type) === message.type,
    );
  }

  /** The first message of a type for a call, as soon as it is there. */
  async waitFor(callId: string, type: CrmMessage['type'], timeoutMs = 20_000): Promise<ReceivedMessage> {
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        const [found] = this.of(callId, type);
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(
          new Error(
            `No ${type} for call ${callId} within ${timeoutMs} ms. Refused: ${this.refused.join('; ') || 'none'}.`,
          ),
        );
      }, timeoutMs);
      this.waiting.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, verifier: Webhook): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const header = (name: string): string => String(request.headers[name] ?? '');
    const headers = {
      'webhook-id': header('webhook-id'),
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    };
    try {
      const message = v.parse(CrmMessage, verifier.verify(Buffer.concat(parts).toString('utf8'), headers));
      this.received.push({ webhookId: headers['webhook-id'], atMs: Date.now(), message });
    } catch (cause) {
      this.refused.push(cause instanceof Error ? cause.message : String(cause));
      return 400;
    }
    for (const look of this.waiting) look();
    return 204;
  }
}
