import { WebSocket } from 'ws';
import type { Transcript } from '../../agent/listen/recognizer.ts';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import { sampleRateHz } from '../../audio/frame.ts';
import { Resampler } from '../../audio/resampler.ts';
import type { OpenAiAccess } from './client.ts';
import { parseRealtimeEvent, type RealtimeEvent } from './realtime-events.ts';
import { toTranscript } from './transcript.ts';
import type { TranscriptionOptions } from './transcription.ts';

/** The only rate of the API's PCM. */
const apiRateHz = 24_000;
/** The API refuses to commit less than 100 ms. */
const shortestSamples = (apiRateHz * 100) / 1_000;
const handshakeTimeoutMs = 5_000;
const maxMessageBytes = 1 << 20;

/** A handshake that was answered with no: 404 and its like mean that this server has no Realtime. */
export class RealtimeRefused extends ProviderFailure {
  readonly status: number;

  constructor(status: number) {
    super(`Streaming transcription was refused: ${status}`);
    this.status = status;
  }
}

interface Commit {
  itemId: string | undefined;
  readonly result: PromiseWithResolvers<Transcript>;
}

/**
 * One transcription session (`wss …/realtime?intent=transcription`) for one call. Sound goes there while it is
 * spoken; the server's own voice activity detection is off, a segment ends where ours says so.
 */
export class RealtimeSession {
  readonly #socket: WebSocket;
  readonly #onClosed: (cause: ProviderFailure) => void;
  readonly #commits: Commit[] = [];
  #resampler = new Resampler(sampleRateHz, apiRateHz);
  /** Written before the connection was open. */
  #waiting: string[] = [];
  #bufferedSamples = 0;
  #partial = '';
  #state: 'connecting' | 'ready' | 'closed' = 'connecting';

  /** @param onClosed it can't be used any more, and why. Not called after {@link close}. */
  constructor(access: OpenAiAccess, options: TranscriptionOptions, onClosed: (cause: ProviderFailure) => void) {
    this.#onClosed = onClosed;
    const url = new URL(`${access.baseUrl.replace(/\/+$/, '')}/realtime?intent=transcription`);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    this.#socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${access.apiKey}` },
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
    });
    this.#socket.on('open', () => this.#open(options));
    this.#socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    this.#socket.on('unexpected-response', (request, response) => {
      request.destroy();
      this.#fail(new RealtimeRefused(response.statusCode ?? 0));
    });
    this.#socket.on('error', (cause) => {
      this.#fail(new ProviderFailure(`Streaming transcription failed: ${cause.message}`, { cause }));
    });
    this.#socket.on('close', () => this.#fail(new ProviderFailure('The transcription session was closed')));
  }

  /** The server has accepted the session's settings. */
  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** What is known of the segment that is being spoken. Most models say nothing before its end. */
  get partial(): string {
    return this.#partial;
  }

  /** @param samples Int16 mono, 16,000 Hz. */
  append(samples: Int16Array): void {
    this.#sendAudio(this.#resampler.push(samples));
  }

  /** Forgets what has been appended. */
  clear(): void {
    this.#resampler = new Resampler(sampleRateHz, apiRateHz);
    this.#bufferedSamples = 0;
    this.#partial = '';
    if (this.#state === 'connecting') this.#waiting = [];
    else this.#send({ type: 'input_audio_buffer.clear' });
  }

  /** The words of what has been appended since the last time. */
  commit(): Promise<Transcript> {
    const result = Promise.withResolvers<Transcript>();
    this.#sendAudio(this.#resampler.flush());
    if (this.#bufferedSamples < shortestSamples) {
      this.#sendAudio(new Int16Array(shortestSamples - this.#bufferedSamples));
    }
    this.#bufferedSamples = 0;
    this.#partial = '';
    this.#commits.push({ itemId: undefined, result });
    this.#send({ type: 'input_audio_buffer.commit' });
    return result.promise;
  }

  close(): void {
    this.#state = 'closed';
    this.#rejectAll(new ProviderFailure('The call is over'));
    this.#socket.terminate();
  }

  #open({ model, language, hint }: TranscriptionOptions): void {
    const transcription = { model, language, ...hint };
    const input = {
      format: { type: 'audio/pcm', rate: apiRateHz },
      transcription,
      turn_detection: null,
    };
    const include = model.startsWith('gpt-4o') ? { include: ['item.input_audio_transcription.logprobs'] } : {};
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#socket.send(
      JSON.stringify({ type: 'session.update', session: { type: 'transcription', audio: { input }, ...include } }),
    );
    for (const message of waiting) this.#socket.send(message);
  }

  #sendAudio(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#bufferedSamples += samples.length;
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    this.#send({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') });
  }

  #send(event: object): void {
    if (this.#state === 'closed') return;
    const message = JSON.stringify(event);
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
    else this.#waiting.push(message);
  }

  #receive(text: string): void {
    if (this.#state === 'closed') return;
    try {
      const event = parseRealtimeEvent(text);
      if (event) this.#handle(event);
    } catch (cause) {
      this.#fail(new ProviderFailure('Streaming transcription sent what cannot be read', { cause }));
    }
  }

  #handle(event: RealtimeEvent): void {
    switch (event.type) {
      case 'session.updated':
        this.#state = 'ready';
        return;
      case 'input_audio_buffer.committed': {
        const commit = this.#commits.find(({ itemId }) => itemId === undefined);
        if (commit) commit.itemId = event.item_id;
        return;
      }
      case 'conversation.item.input_audio_transcription.delta':
        if (!this.#commits.some(({ itemId }) => itemId === event.item_id)) this.#partial += event.delta;
        return;
      case 'conversation.item.input_audio_transcription.completed':
        this.#take(event.item_id)?.result.resolve(toTranscript(event.transcript, event.logprobs));
        return;
      case 'conversation.item.input_audio_transcription.failed': {
        const cause = new ProviderFailure(`Transcription failed: ${event.error.message ?? 'no reason given'}`);
        this.#take(event.item_id)?.result.reject(cause);
        return;
      }
      case 'error':
        this.#fail(new ProviderFailure(`Streaming transcription failed: ${event.error.message}`));
        return;
      default:
        event satisfies never;
    }
  }

  #take(itemId: string): Commit | undefined {
    const place = this.#commits.findIndex((commit) => commit.itemId === itemId);
    return place < 0 ? undefined : this.#commits.splice(place, 1)[0];
  }

  #fail(cause: ProviderFailure): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#rejectAll(cause);
    this.#socket.terminate();
    this.#onClosed(cause);
  }

  #rejectAll(cause: ProviderFailure): void {
    for (const { result } of this.#commits.splice(0)) result.reject(cause);
  }
}
