import { timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { EndReason } from '../../contract/call-event.ts';
import { JoinClaims, SessionClaims } from '../../contract/session.ts';
import type { ClientMessage } from '../../contract/signaling.ts';
import type { Log } from '../observe/log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { SignalingSocket } from '../transport/browser/signaling-socket.ts';
import { BrowserCall, type BrowserCallOptions } from './browser-call.ts';
import type { JoinDesk } from './join-desk.ts';
import type { Playbooks } from './playbooks.ts';
import { Recorder } from './recorder.ts';
import type { Delivery } from '../outbox/delivery.ts';
import type { ControlPlane } from '../http/control-plane.ts';
import { Tools } from './tools.ts';

/** The first message must come within this. */
const helloWithinMs = 5_000;

export interface ReceptionOptions extends Pick<
  BrowserCallOptions,
  'workers' | 'detector' | 'pacer' | 'node' | 'now' | 'languageModel' | 'dialPerson' | 'maxJoinedMs' | 'openRecording'
> {
  readonly playbooks: Playbooks;
  readonly joinDesk: JoinDesk;
  readonly outbox: Outbox;
  readonly delivery: Delivery;
  readonly controlPlane: ControlPlane;
  readonly sessionKey: Uint8Array;
  readonly maxCalls: number;
  /** Those that came through other doors: they count towards `maxCalls`. */
  readonly otherCalls: () => number;
  readonly log: Log;
}

/** Lets pages in: checks the token, then hands the connection to its call. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #calls = new Map<string, BrowserCall>();
  /** Ids of calls whose playbooks load. */
  readonly #beginning = new Set<string>();

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  get activeCalls(): number {
    const others = [...this.#beginning].filter((callId) => !this.#calls.has(callId));
    return this.#calls.size + others.length;
  }

  /** @param origin the page's, as its browser says. */
  welcome(socket: SignalingSocket, origin: string | undefined): void {
    const timer = setTimeout(() => {
      socket.refuse('bad-request', 'No hello came within five seconds.', 'Send hello with a session token first.');
    }, helloWithinMs);
    const fail = (error: unknown): void => {
      this.#options.log.error('A call could not be started', { error });
      socket.refuse('unavailable', 'The call could not be started.', 'Try again in a moment.');
    };
    socket.listen({
      closed: () => clearTimeout(timer),
      message: (message) => {
        clearTimeout(timer);
        // Only one first message counts, whatever comes while it is being checked.
        socket.listen({ closed: () => undefined, message: () => undefined });
        this.#admit(socket, message, origin).catch(fail);
      },
    });
  }

  /** Resolves when every call's record is whole. */
  async endAll(reason: EndReason): Promise<void> {
    const calls = [...this.#calls.values()];
    for (const call of calls) call.end(reason);
    await Promise.all(calls.map((call) => call.over));
  }

  async #admit(socket: SignalingSocket, message: ClientMessage, origin: string | undefined): Promise<void> {
    switch (message.type) {
      case 'hello':
        return this.#begin(socket, message.token, origin);
      case 'resume':
        return this.#resume(socket, message);
      default:
        socket.refuse('bad-request', `The first message was '${message.type}'.`, 'Send hello or resume first.');
    }
  }

  async #begin(socket: SignalingSocket, token: string, origin: string | undefined): Promise<void> {
    const { maxCalls, otherCalls } = this.#options;
    const claims = await this.#verify(socket, token);
    if (!claims) return;
    if ('role' in claims) return this.#join(socket, claims);
    if (origin !== undefined && origin !== claims.origin) {
      socket.refuse('forbidden-origin', 'This token belongs to another site.', 'Start the call again from this page.');
      return;
    }
    if (this.activeCalls + otherCalls() >= maxCalls) {
      socket.refuse('at-capacity', 'All lines are busy.', 'Please try again in a few minutes.');
      return;
    }
    // Held from here on: a burst must not pass the limit while playbooks load.
    this.#beginning.add(claims.jti);
    try {
      await this.#open(socket, claims);
    } finally {
      this.#beginning.delete(claims.jti);
    }
  }

  async #open(socket: SignalingSocket, claims: SessionClaims): Promise<void> {
    const { outbox, playbooks, delivery, controlPlane, now } = this.#options;
    const playbook = await playbooks.forSession(claims);
    // Last: a call that could not be opened leaves the token good for another try.
    if (!outbox.useToken(claims.jti, claims.exp * 1_000)) {
      socket.refuse('token-used', 'This token has already started a call.', 'Ask for a new session.');
      return;
    }
    const ids = { callId: claims.jti, business: claims.sub };
    const recorder = new Recorder(ids, outbox, delivery, now);
    const tools = new Tools(controlPlane, ids, now);
    const onEnd = (): void => void this.#calls.delete(ids.callId);
    const call = new BrowserCall({ ...this.#options, claims, playbook, recorder, tools, onEnd });
    this.#calls.set(ids.callId, call);
    try {
      await call.attach(socket);
    } catch (error) {
      call.end('interrupted');
      throw error;
    }
  }

  async #resume(socket: SignalingSocket, message: Extract<ClientMessage, { type: 'resume' }>): Promise<void> {
    const call = this.#calls.get(message.callId);
    if (!call || !sameText(call.resumeKey, message.resumeKey)) {
      socket.refuse('call-ended', 'This call is over.', 'Start a new call.');
      return;
    }
    await call.attach(socket);
  }

  /** Somebody of the business, who takes a call over. */
  async #join(socket: SignalingSocket, claims: JoinClaims): Promise<void> {
    if (this.#options.outbox.useToken(claims.jti, claims.exp * 1_000))
      await this.#options.joinDesk.admit(socket, claims);
    else socket.refuse('token-used', 'This token has already been used.', 'Join the call again.');
  }

  async #verify(socket: SignalingSocket, token: string): Promise<SessionClaims | JoinClaims | undefined> {
    const { sessionKey, node } = this.#options;
    try {
      const { payload } = await jwtVerify(token, sessionKey, { algorithms: ['HS256'], audience: node });
      return v.parse(v.union([JoinClaims, SessionClaims]), payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        socket.refuse(
          'token-expired',
          'The session token has expired.',
          'Ask for a new session and connect within a minute.',
        );
      } else {
        socket.refuse(
          'token-invalid',
          'The session token is not valid here.',
          'Ask for a new session with POST /v1/sessions.',
        );
      }
      return undefined;
    }
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
