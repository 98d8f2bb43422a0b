import { errors, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { type Carrier, StreamClaims } from '../../contract/carrier-stream.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { Log } from '../observe/log.ts';
import { CarrierSocket } from '../transport/stream/carrier-socket.ts';
import type { StreamMessage, StreamProtocol, StreamStart } from '../transport/stream/stream-protocol.ts';
import { telnyx } from '../transport/stream/telnyx.ts';
import { twilio } from '../transport/stream/twilio.ts';
import { bundleOfCall } from './experiment.ts';
import { PhoneCall, type PhoneCallOptions } from './phone-call.ts';
import type { Playbooks } from './playbooks.ts';
import { Recorder } from './recorder.ts';
import type { ReceptionOptions } from './reception.ts';
import { StreamLine } from './stream-line.ts';
import { Tools } from './tools.ts';

/** The start must come within this. */
const startWithinMs = 5_000;

const protocols: Readonly<Record<Carrier, StreamProtocol>> = { twilio, telnyx };

export interface StreamDeskOptions
  extends
    Pick<ReceptionOptions, 'outbox' | 'delivery' | 'controlPlane' | 'sessionKey' | 'maxCalls' | 'otherCalls'>,
    Pick<
      PhoneCallOptions,
      'detector' | 'languageModel' | 'now' | 'pacer' | 'node' | 'dialPerson' | 'maxJoinedMs' | 'openRecording'
    > {
  readonly playbooks: Pick<Playbooks, 'get'>;
  readonly log: Log;
}

/** Takes the calls that carriers bring as media streams: checks the token, then has the agent speak. */
export class StreamDesk {
  readonly #options: StreamDeskOptions;
  readonly #calls = new Map<string, PhoneCall>();
  /** Ids of calls whose playbooks load. */
  readonly #beginning = new Set<string>();

  constructor(options: StreamDeskOptions) {
    this.#options = options;
  }

  get activeCalls(): number {
    const others = [...this.#beginning].filter((callId) => !this.#calls.has(callId));
    return this.#calls.size + others.length;
  }

  /** A carrier has connected. Nothing is trusted before the token in its start message. */
  welcome(carrier: Carrier, webSocket: WebSocket): void {
    const socket = new CarrierSocket(webSocket, protocols[carrier], this.#options.now);
    const refuse = (reason: string): void => this.#refuse(socket, carrier, reason);
    const timer = setTimeout(() => refuse('No start message came'), startWithinMs);
    const nothing = (): void => undefined;
    const message = (first: StreamMessage): void => {
      if (first.kind === 'other') return;
      clearTimeout(timer);
      if (first.kind !== 'start') return refuse('The first message is not start');
      // Only one start counts, whatever comes while it is being checked.
      socket.listen({ message: nothing, closed: nothing });
      this.#admit(socket, carrier, first).catch((error: unknown) => {
        this.#options.log.error('A carrier stream could not be answered', { carrier, error });
        refuse('The call could not be answered');
      });
    };
    socket.listen({ message, closed: () => clearTimeout(timer) });
  }

  /** Resolves when every call's record is whole. */
  async endAll(reason: EndReason): Promise<void> {
    const calls = [...this.#calls.values()];
    for (const call of calls) call.end(reason);
    await Promise.all(calls.map((call) => call.over));
  }

  async #admit(socket: CarrierSocket, carrier: Carrier, start: StreamStart): Promise<void> {
    const { maxCalls, otherCalls } = this.#options;
    const refuse = (reason: string): void => this.#refuse(socket, carrier, reason);
    const claims = await this.#verify(start.token);
    if (typeof claims === 'string') return refuse(claims);
    if (claims.carrier !== carrier) return refuse('The token is for another carrier');
    // Telnyx does not say that a TeXML call's id is the stream's: only Twilio's can be compared.
    if (carrier === 'twilio' && claims.carrierCallId !== start.carrierCallId)
      return refuse('The token is for another call');
    if (!start.law) return refuse('Only G.711 at 8000 Hz is understood');
    if (this.activeCalls + otherCalls() >= maxCalls) return refuse('All lines are busy');
    // Held from here on: a burst must not pass the limit while playbooks load.
    this.#beginning.add(claims.jti);
    try {
      await this.#begin(socket, claims, start, start.law);
    } finally {
      this.#beginning.delete(claims.jti);
    }
  }

  async #begin(
    socket: CarrierSocket,
    claims: StreamClaims,
    { streamId }: StreamStart,
    law: NonNullable<StreamStart['law']>,
  ): Promise<void> {
    const { playbooks, outbox, delivery, controlPlane, now } = this.#options;
    const published = await playbooks.get(claims.sub, claims.playbook);
    // Last: a call that could not be opened leaves the token good for another try.
    if (!outbox.useToken(claims.jti, claims.exp * 1_000)) {
      this.#refuse(socket, claims.carrier, 'The token has been used');
      return;
    }
    const ids = { callId: claims.jti, business: claims.sub };
    const call = new PhoneCall({
      ...this.#options,
      line: new StreamLine({ socket, streamId, law, now }),
      playbook: { ...published, bundle: bundleOfCall(published.bundle, ids.callId) },
      recorder: new Recorder(ids, outbox, delivery, now),
      tools: new Tools(controlPlane, ids, now),
      callerNumber: claims.callerNumber,
      dialledNumber: claims.dialledNumber,
      onEnd: () => void this.#calls.delete(ids.callId),
    });
    this.#calls.set(ids.callId, call);
    try {
      await call.open();
    } catch (error) {
      call.end('interrupted');
      throw error;
    }
  }

  /** The claims, or what is wrong with the token. */
  async #verify(token: string): Promise<StreamClaims | string> {
    const { sessionKey, node } = this.#options;
    try {
      const { payload } = await jwtVerify(token, sessionKey, { algorithms: ['HS256'], audience: node });
      return v.parse(StreamClaims, payload);
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'The token has expired' : 'The token is not valid here';
    }
  }

  #refuse(socket: CarrierSocket, carrier: Carrier, reason: string): void {
    if (!socket.closed) this.#options.log.warn('A carrier stream was refused', { carrier, reason });
    socket.close('policy', reason);
  }
}
