import type { TappedMessage } from './caller-api.ts';

/** Notes every signaling message and the agent's state as the page learns it. */
export class SignalingTap {
  readonly messages: TappedMessage[] = [];
  readonly sockets: WebSocket[] = [];
  state = 'none';
  stateMs = 0;

  install(): void {
    const tap = this;
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        tap.sockets.push(this);
        this.addEventListener('message', (event: MessageEvent<unknown>) => tap.note('node', event.data));
      }

      override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
        tap.note('page', data);
        super.send(data as string);
      }
    };
  }

  private note(from: TappedMessage['from'], data: unknown): void {
    if (typeof data !== 'string') return;
    const message: unknown = JSON.parse(data);
    this.messages.push({ atMs: Date.now(), from, message });
    if (typeof message !== 'object' || message === null) return;
    if (!('type' in message) || message.type !== 'agent-state' || !('state' in message)) return;
    this.state = String(message.state);
    this.stateMs = Date.now();
  }
}
