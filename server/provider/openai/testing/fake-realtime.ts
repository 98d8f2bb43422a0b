import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { VendorSpec } from './vendor-spec.ts';

/** What becomes of one committed stretch of audio. */
export type RealtimeReply =
  | { readonly transcript: string; readonly deltas?: readonly string[]; readonly logprobs?: readonly number[] }
  | { readonly failed: string }
  | { readonly raw: string }
  | 'silence'
  | 'disconnect';

export interface RealtimeScript {
  /** The handshake is answered with this status: 404 where a compatible server has no Realtime. */
  readonly refuseStatus?: number;
  /** The handshake is never answered. */
  readonly silentHandshake?: boolean;
  /** `session.update` is answered with an `error` event. */
  readonly refuseSession?: string;
  /** One a commit; the last one stays. */
  readonly replies?: readonly RealtimeReply[];
  /** The connection breaks when so many samples (at 24,000 Hz) have come. */
  readonly disconnectAfterSamples?: number;
}

const ClientEvent = v.looseObject({
  type: v.string(),
  audio: v.optional(v.string()),
  session: v.optional(v.unknown()),
});

const usage = { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 };

/** One transcription session, from the vendor's side. */
export class FakeRealtimeSession {
  /** What `session.update` asked for. */
  session: unknown;
  /** … and has heard that it was accepted: its pong came after that. */
  accepted = false;
  /** Each commit's audio, Int16 mono at 24,000 Hz. */
  readonly commits: Int16Array[] = [];
  readonly #socket: WebSocket;
  readonly #spec: VendorSpec;
  readonly #script: RealtimeScript;
  readonly #fault: (text: string) => void;
  readonly #replies: RealtimeReply[];
  #buffer: Buffer[] = [];
  #received = 0;
  #events = 0;

  constructor(socket: WebSocket, spec: VendorSpec, script: RealtimeScript, fault: (text: string) => void) {
    this.#socket = socket;
    this.#spec = spec;
    this.#script = script;
    this.#fault = fault;
    this.#replies = [...(script.replies ?? [{ transcript: '' }])];
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
    socket.on('error', () => undefined);
    this.#send('session.created', { session: { type: 'transcription', id: 'sess_1', object: 'realtime.session' } });
  }

  /** The network takes the connection away. */
  drop(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const event = v.safeParse(ClientEvent, JSON.parse(text));
    const faults = event.success
      ? this.#spec.schema(schemaOf(event.output.type), event.output)
      : ['A Realtime event without a type'];
    for (const fault of faults) this.#fault(fault);
    if (!event.success || faults.length > 0) return;
    switch (event.output.type) {
      case 'session.update':
        this.#configure(event.output.session);
        return;
      case 'input_audio_buffer.append':
        this.#append(Buffer.from(event.output.audio ?? '', 'base64'));
        return;
      case 'input_audio_buffer.clear':
        this.#buffer = [];
        this.#send('input_audio_buffer.cleared', {});
        return;
      case 'input_audio_buffer.commit':
        this.#commit();
        return;
      default:
        this.#fault(`The fake vendor does not expect ${event.output.type}`);
    }
  }

  #configure(session: unknown): void {
    this.session = session;
    if (this.#script.refuseSession !== undefined) {
      this.#error('invalid_value', this.#script.refuseSession);
      return;
    }
    this.#send('session.updated', { session: { ...(session as object), id: 'sess_1', object: 'realtime.session' } });
    this.#socket.once('pong', () => (this.accepted = true));
    this.#socket.ping();
  }

  #append(audio: Buffer): void {
    if (this.session === undefined) this.#fault('Audio came before session.update');
    if (audio.length % 2 !== 0) this.#fault('PCM16 audio has an odd number of bytes');
    this.#buffer.push(audio);
    this.#received += audio.length / 2;
    if (this.#received >= (this.#script.disconnectAfterSamples ?? Infinity)) this.drop();
  }

  #commit(): void {
    const audio = Buffer.concat(this.#buffer);
    this.#buffer = [];
    // The vendor refuses less than 100 ms.
    if (audio.length / 2 < 2_400) {
      this.#error('input_audio_buffer_commit_empty', 'Error committing input audio buffer: buffer too small.');
      return;
    }
    this.commits.push(new Int16Array(audio.buffer.slice(audio.byteOffset, audio.byteOffset + audio.length)));
    const reply = this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
    const item_id = `item_${this.commits.length}`;
    this.#send('input_audio_buffer.committed', { item_id, previous_item_id: null });
    if (reply === 'disconnect') this.drop();
    else if (reply && reply !== 'silence') this.#reply(item_id, reply);
  }

  #reply(item_id: string, reply: Exclude<RealtimeReply, string>): void {
    const place = { item_id, content_index: 0 };
    const name = 'conversation.item.input_audio_transcription';
    if ('raw' in reply) this.#socket.send(reply.raw);
    else if ('failed' in reply) {
      this.#send(`${name}.failed`, { ...place, error: { type: 'transcription_error', message: reply.failed } });
    } else {
      for (const delta of reply.deltas ?? []) this.#send(`${name}.delta`, { ...place, delta });
      const logprobs = reply.logprobs?.map((logprob) => ({ token: 'a', logprob, bytes: [97] }));
      const sure = logprobs ? { logprobs } : {};
      this.#send(`${name}.completed`, { ...place, transcript: reply.transcript, usage, ...sure });
    }
  }

  #error(code: string, message: string): void {
    this.#send('error', { error: { type: 'invalid_request_error', code, message, param: null, event_id: null } });
  }

  #send(type: string, fields: object): void {
    this.#events += 1;
    const event = { event_id: `event_${this.#events}`, type, ...fields };
    for (const fault of this.#spec.schema('RealtimeServerEvent', event)) this.#fault(`The fake itself: ${fault}`);
    this.#socket.send(JSON.stringify(event));
  }
}

function schemaOf(type: string): string {
  const names: Readonly<Record<string, string>> = {
    'session.update': 'RealtimeClientEventSessionUpdate',
    'input_audio_buffer.append': 'RealtimeClientEventInputAudioBufferAppend',
    'input_audio_buffer.commit': 'RealtimeClientEventInputAudioBufferCommit',
    'input_audio_buffer.clear': 'RealtimeClientEventInputAudioBufferClear',
  };
  return names[type] ?? 'RealtimeClientEvent';
}
