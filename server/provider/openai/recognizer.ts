import type OpenAI from 'openai';
import type { EngineWatch } from '../../agent/engine-watch.ts';
import type { Recognizer, RecognizerFactory, Transcript } from '../../agent/listen/recognizer.ts';
import type { ProviderFailure } from '../../agent/provider-failure.ts';
import { samplesToMs } from '../../audio/frame.ts';
import { createClient, type OpenAiAccess } from './client.ts';
import { RealtimeRefused, RealtimeSession } from './realtime.ts';
import { transcribe, type TranscriptionOptions } from './transcription.ts';

/** A server that has no Realtime is asked again after this long. */
const absentMs = 10 * 60_000;
/** A session that broke is opened anew no sooner than this. */
const reopenAfterMs = 10_000;
/** Handshake answers that mean "there is no such thing here", not "not now" or "not you". */
const absentStatuses = new Set([400, 404, 405, 426, 501]);

export interface OpenAiRecognizerOptions extends TranscriptionOptions {
  readonly access: OpenAiAccess;
  readonly now: () => number;
}

/**
 * Transcription by an OpenAI-compatible API: streamed over Realtime while the caller speaks, or, where the server has
 * no Realtime or the session is down, each segment in one request.
 */
export class OpenAiRecognizerFactory implements RecognizerFactory {
  readonly options: OpenAiRecognizerOptions;
  readonly client: OpenAI;
  /** Known for all calls, so that only one in ten minutes finds it out. */
  realtimeAbsentUntilMs = 0;

  constructor(options: OpenAiRecognizerOptions) {
    this.options = options;
    this.client = createClient(options.access);
  }

  async create(watch: EngineWatch): Promise<Recognizer> {
    return new OpenAiRecognizer(this, watch);
  }
}

class OpenAiRecognizer implements Recognizer {
  readonly #factory: OpenAiRecognizerFactory;
  readonly #watch: EngineWatch;
  #session: RealtimeSession | undefined;
  #reopenAtMs = 0;
  /** The open segment, kept whole for when the session breaks. */
  #segment: Int16Array[] = [];
  /** All of the open segment went to the session. */
  #streamed = false;
  #closed = false;

  constructor(factory: OpenAiRecognizerFactory, watch: EngineWatch) {
    this.#factory = factory;
    this.#watch = watch;
    this.#open();
  }

  feed(samples: Int16Array): void {
    if (this.#closed) return;
    if (this.#segment.length === 0) {
      this.#open();
      this.#streamed = this.#session !== undefined;
    }
    this.#segment.push(samples);
    if (this.#streamed) this.#session?.append(samples);
  }

  async partial(): Promise<string> {
    return this.#session?.partial ?? '';
  }

  async finish(signal?: AbortSignal): Promise<Transcript> {
    const segment = joined(this.#segment);
    const session = this.#streamed ? this.#session : undefined;
    this.#segment = [];
    if (segment.length === 0) return { text: '', confidence: 0, alternatives: [] };
    if (session?.ready) {
      // One that hangs once is not trusted with the next segment.
      const drop = (): void => this.#drop(session);
      signal?.addEventListener('abort', drop, { once: true });
      try {
        const transcript = await session.commit();
        this.#count(segment);
        return transcript;
      } catch (error) {
        // Too late for another way, which the fallback has taken already.
        if (signal?.aborted === true || this.#closed) throw error;
      } finally {
        signal?.removeEventListener('abort', drop);
      }
    } else session?.clear();
    const { client, options } = this.#factory;
    const transcript = await transcribe(client, options, segment, signal);
    this.#count(segment);
    return transcript;
  }

  async discard(): Promise<void> {
    this.#segment = [];
    if (this.#streamed) this.#session?.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#segment = [];
    if (this.#session) this.#drop(this.#session);
  }

  #drop(session: RealtimeSession): void {
    session.close();
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#streamed = false;
  }

  #open(): void {
    const { options, realtimeAbsentUntilMs } = this.#factory;
    const nowMs = options.now();
    if (this.#session || nowMs < realtimeAbsentUntilMs || nowMs < this.#reopenAtMs) return;
    this.#session = new RealtimeSession(options.access, options, (cause) => this.#sessionClosed(cause));
  }

  #sessionClosed(cause: ProviderFailure): void {
    const nowMs = this.#factory.options.now();
    this.#session = undefined;
    this.#streamed = false;
    this.#reopenAtMs = nowMs + reopenAfterMs;
    if (cause instanceof RealtimeRefused && absentStatuses.has(cause.status)) {
      this.#factory.realtimeAbsentUntilMs = nowMs + absentMs;
    } else this.#watch.degraded('streaming transcription', cause);
  }

  #count(segment: Int16Array): void {
    const { model } = this.#factory.options;
    const audioMs = samplesToMs(segment.length);
    this.#watch.used({ task: 'recognition', engine: 'openai', model, requests: 1, audioMs });
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
