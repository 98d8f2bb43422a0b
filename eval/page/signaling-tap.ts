import * as v from 'valibot';
import type { TappedMessage } from './caller-api.ts';

const Caption = v.object({ type: v.literal('caption'), who: v.string(), text: v.string(), final: v.boolean() });

/** Notes every signaling message and the agent's state as the page learns it. */
export class SignalingTap {
  readonly messages: TappedMessage[] = [];
  readonly sockets: WebSocket[] = [];
  state = 'none';
  stateMs = 0;

  install(): void {
    const { sockets } = this;
    const note = (from: TappedMessage['from'], data: unknown): void => this.note(from, data);
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
        this.addEventListener('message', (event: MessageEvent<unknown>) => note('node', event.data));
      }

      override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
        note('page', data);
        super.send(data as string);
      }
    };
  }

  /** Finished lines of a speaker, with words in them, from a place in the list on. */
  finalCaptions(who: string, from = 0): number {
    return this.messages.slice(from).filter(({ message }) => {
      const caption = v.safeParse(Caption, message);
      return caption.success && caption.output.final && caption.output.who === who && caption.output.text !== '';
    }).length;
  }

  /** The agent has written since the page last sent a `say`, and listens. */
  agentHasWritten(): boolean {
    const lastSay = this.messages.findLastIndex(({ from, message }) => from === 'page' && typeOf(message) === 'say');
    return this.state === 'listening' && this.finalCaptions('agent', lastSay + 1) > 0;
  }

  private note(from: TappedMessage['from'], data: unknown): void {
    if (typeof data !== 'string') return;
    const message: unknown = JSON.parse(data);
    this.messages.push({ atMs: Date.now(), from, message });
    if (typeOf(message) !== 'agent-state' || typeof message !== 'object' || message === null || !('state' in message))
      return;
    this.state = String(message.state);
    this.stateMs = Date.now();
  }
}

export function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
}
