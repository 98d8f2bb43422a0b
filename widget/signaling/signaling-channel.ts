import * as v from 'valibot';
import { type ClientMessage, ServerMessage } from '../../contract/signaling.ts';
import type { CallMode } from '../../contract/session.ts';
import type { Clock } from '../call/clock.ts';
import type { OpenSocket, Socket } from './socket.ts';

/** How long a lost connection is tried again, in all. */
export const RECONNECT_LIMIT_MS = 15_000;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 2_000;
/** An attempt that has no welcome by then is given up for the next. */
const ATTEMPT_LIMIT_MS = 4_000;
/** Before the first welcome. The node gives a page five seconds for its hello; a page is as patient. */
const OPENING_LIMIT_MS = 8_000;
const MAX_QUEUED = 50;
/** Worth nothing by the time a lost connection is back. */
const PERISHABLE = new Set<ClientMessage['type']>(['media-stats', 'restart-ice', 'typing']);

export interface SignalingListener {
  message(message: ServerMessage): void;
  /** The connection of a running call is lost; it is being tried again. */
  down(): void;
  /** There was never a welcome, or it did not come back within `RECONNECT_LIMIT_MS`. Nothing follows. */
  lost(): void;
}

export interface SignalingOptions {
  readonly url: string;
  readonly token: string;
  readonly mode: CallMode;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly listener: SignalingListener;
}

/** One call's conversation with its media node, over as many WebSockets as it takes. */
export class SignalingChannel {
  readonly #options: SignalingOptions;
  /** None once the page is done with the call. */
  #listener: SignalingListener | null;
  #socket: Socket | null = null;
  /** The hello is out: the node may have a call. */
  #greeted = false;
  #welcomed = false;
  #closed = false;
  #resume: { callId: string; resumeKey: string } | null = null;
  #downSinceMs: number | null = null;
  #delayMs = FIRST_DELAY_MS;
  #queue: ClientMessage[] = [];
  #cancelTimer: () => void = () => {};

  constructor(options: SignalingOptions) {
    this.#options = options;
    this.#listener = options.listener;
    this.#connect();
  }

  /** Sent at once, or after the connection is back. */
  send(message: ClientMessage): void {
    if (this.#closed) return;
    if (this.#welcomed && this.#socket !== null) {
      this.#socket.send(JSON.stringify(message));
      return;
    }
    if (PERISHABLE.has(message.type)) return;
    if (this.#queue.length < MAX_QUEUED) this.#queue.push(message);
  }

  /** The socket looks open but nobody answers: take it for lost. */
  suspect(): void {
    if (!this.#closed && this.#welcomed) this.#drop();
  }

  /**
   * The page is done; its listener hears nothing more. A hang-up that still waits is delivered first, within the usual
   * limits: without it the node would keep the call, and record a lost connection.
   */
  close(): void {
    this.#listener = null;
    const owesHangUp = this.#greeted && this.#queue.some(({ type }) => type === 'hang-up');
    if (!owesHangUp) this.#shut();
  }

  #shut(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#socket?.close();
    this.#socket = null;
  }

  #connect(): void {
    const { url, token, mode, openSocket, clock } = this.#options;
    const socket = openSocket(url, {
      open: () => {
        if (socket !== this.#socket) return;
        const first: ClientMessage =
          this.#resume === null ? { type: 'hello', token, mode } : { type: 'resume', ...this.#resume };
        socket.send(JSON.stringify(first));
        this.#greeted = true;
      },
      message: (data) => {
        if (socket === this.#socket) this.#receive(data);
      },
      close: () => {
        if (socket === this.#socket) this.#drop();
      },
    });
    this.#socket = socket;
    this.#cancelTimer = clock.after(this.#attemptLimitMs(), () => this.#drop());
  }

  #attemptLimitMs(): number {
    if (this.#downSinceMs === null) return OPENING_LIMIT_MS;
    const leftMs = this.#downSinceMs + RECONNECT_LIMIT_MS - this.#options.clock.nowMs();
    return Math.min(ATTEMPT_LIMIT_MS, Math.max(leftMs, FIRST_DELAY_MS));
  }

  #receive(data: unknown): void {
    const parsed = v.safeParse(ServerMessage, parseJson(data));
    // A newer node may send what this page does not know yet; the call goes on without it.
    if (!parsed.success) return;
    const message = parsed.output;
    if (message.type === 'welcome') this.#welcome(message.callId, message.resumeKey);
    // What a closed call still hears is the welcome, or that the node does not want it.
    if (this.#listener === null) this.#shut();
    else this.#listener.message(message);
  }

  #welcome(callId: string, resumeKey: string): void {
    this.#cancelTimer();
    this.#welcomed = true;
    this.#resume = { callId, resumeKey };
    this.#downSinceMs = null;
    this.#delayMs = FIRST_DELAY_MS;
    for (const message of this.#queue.splice(0)) this.send(message);
  }

  #drop(): void {
    this.#cancelTimer();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#closed) return;
    if (this.#resume === null) {
      this.#lose();
      return;
    }
    if (this.#welcomed) {
      this.#welcomed = false;
      this.#listener?.down();
    }
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    this.#downSinceMs ??= nowMs;
    const leftMs = this.#downSinceMs + RECONNECT_LIMIT_MS - nowMs;
    if (leftMs <= 0) {
      this.#lose();
      return;
    }
    this.#cancelTimer = clock.after(Math.min(this.#delayMs, leftMs), () => {
      this.#delayMs = Math.min(this.#delayMs * 2, MAX_DELAY_MS);
      this.#connect();
    });
  }

  #lose(): void {
    this.#closed = true;
    this.#listener?.lost();
  }
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
