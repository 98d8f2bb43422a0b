import { WebSocket } from 'ws';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { Session, type CallMode } from '../../contract/session.ts';
import { ServerMessage, type ClientMessage } from '../../contract/signaling.ts';
import type { Product } from './product.ts';

/** What `POST /v1/sessions` answered. */
export type SessionAnswer =
  | { readonly status: 'created'; readonly session: Session }
  | { readonly status: 'refused'; readonly httpStatus: number; readonly problem: Problem };

/** Asks for a session as a page of that origin would. */
export async function requestSession(
  product: Product,
  options: { readonly mode: v.InferOutput<typeof CallMode>; readonly consentVersion: string; readonly origin?: string },
): Promise<SessionAnswer> {
  const { control } = product.stack.urls;
  const response = await fetch(`${control}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: options.origin ?? new URL(product.siteUrl).origin },
    body: JSON.stringify({
      business: product.stack.business,
      mode: options.mode,
      consent: { accepted: true, version: options.consentVersion },
    }),
  });
  const body: unknown = await response.json();
  if (response.ok) return { status: 'created', session: v.parse(Session, body) };
  return { status: 'refused', httpStatus: response.status, problem: v.parse(Problem, body) };
}

/** The signaling of a call without a page: for messages that no page would send. */
export class SignalingClient {
  readonly messages: ServerMessage[] = [];
  /** The socket's close code, once it is closed. */
  readonly closed: Promise<number>;
  private readonly socket: WebSocket;
  private readonly watchers = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => {
      this.messages.push(v.parse(ServerMessage, JSON.parse(String(data))));
      for (const look of this.watchers) look();
    });
  }

  static async connect(url: string, origin: string): Promise<SignalingClient> {
    const socket = new WebSocket(url, { origin });
    const client = new SignalingClient(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(text: string): void {
    this.socket.send(text);
  }

  /** The first message of a type from `fromIndex` on, as soon as it is there. */
  async next<Type extends ServerMessage['type']>(
    type: Type,
    options: { readonly fromIndex?: number; readonly timeoutMs?: number } = {},
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const { fromIndex = 0, timeoutMs = 10_000 } = options;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.watchers.delete(look);
        reject(new Error(`No ${type} within ${timeoutMs} ms; got ${this.messages.map((one) => one.type).join(', ')}.`));
      }, timeoutMs);
      const look = (): void => {
        const found = this.messages.slice(fromIndex).find((one) => one.type === type);
        if (found === undefined) return;
        this.watchers.delete(look);
        clearTimeout(timer);
        resolve(found as Extract<ServerMessage, { type: Type }>);
      };
      this.watchers.add(look);
      look();
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.socket.close();
  }

  /** As when the network is gone: nobody is told. */
  cut(): void {
    this.socket.terminate();
  }
}
