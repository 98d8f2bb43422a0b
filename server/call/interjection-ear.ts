import type { EngineWatch } from '../agent/engine-watch.ts';
import type { Recognizer, RecognizerFactory, Transcript } from '../agent/listen/recognizer.ts';
import { samplesToMs } from '../audio/frame.ts';

/**
 * With the audio from before it and the pause after it: a sound of 1,300 ms, as "okay, okay". Whoever says more is heard
 * better by the playbook's recogniser.
 */
const longestMs = 1_900;

/**
 * A second recogniser for what is said over the agent's voice: it knows only short calls ("uh huh", "stop"), and tells
 * them apart where the playbook's thousand words get in the way. Made when it is first needed; if it fails, the call
 * goes on without it.
 */
export class InterjectionEar {
  readonly #factory: RecognizerFactory | undefined;
  readonly #watch: EngineWatch;
  #recognizer: Promise<Recognizer | undefined> | undefined;
  #listening = false;
  #fedMs = 0;

  constructor(factory: RecognizerFactory | undefined, watch: EngineWatch) {
    this.#factory = factory;
    this.#watch = watch;
  }

  /** Somebody begins to speak over the agent. */
  begin(): void {
    this.#recognizer ??= this.#factory?.create(this.#watch).catch((cause: unknown) => {
      this.#watch.degraded('interjections', cause);
      return undefined;
    });
    this.#listening = this.#recognizer !== undefined;
    this.#fedMs = 0;
  }

  feed(samples: Int16Array): void {
    if (!this.#listening) return;
    this.#fedMs += samplesToMs(samples.length);
    if (this.#fedMs <= longestMs) void this.#recognizer?.then((recognizer) => recognizer?.feed(samples));
  }

  async partial(): Promise<string> {
    if (!this.#listening || this.#fedMs > longestMs) return '';
    return (await (await this.#recognizer)?.partial()) ?? '';
  }

  /** Undefined when nobody spoke over the agent, or for too long. */
  async finish(): Promise<Transcript | undefined> {
    if (!this.#listening) return undefined;
    this.#listening = false;
    const recognizer = await this.#recognizer;
    if (this.#fedMs <= longestMs) return recognizer?.finish();
    void recognizer?.discard();
    return undefined;
  }

  async close(): Promise<void> {
    await (await this.#recognizer)?.close();
  }
}
