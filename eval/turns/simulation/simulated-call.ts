import type { CallFact } from '../../../contract/call-event.ts';
import type { Slot } from '../../../contract/scheduling.ts';
import type { Bundle } from '../../../dialogue/playbook/bundle.ts';
import type { RecognizerFactory } from '../../../server/agent/listen/recognizer.ts';
import type { VoiceActivityDetector } from '../../../server/agent/listen/voice-activity.ts';
import { embeddedVoice, SpeechCache } from '../../../server/agent/speak/speech-cache.ts';
import { SpeechSource } from '../../../server/agent/speak/speech-source.ts';
import { SpokenVoice } from '../../../server/agent/speak/spoken-voice.ts';
import type { Synthesizer } from '../../../server/agent/speak/synthesizer.ts';
import { frameMs, frameSamples, levelOf, silentFrame } from '../../../server/audio/frame.ts';
import { Conversation } from '../../../server/call/conversation.ts';
import { createGuard } from '../../../server/call/guard.ts';
import { Hearing, type HeardTurn } from '../../../server/call/hearing.ts';
import { Recorder } from '../../../server/call/recorder.ts';
import { createLog } from '../../../server/observe/log.ts';
import { Delivery } from '../../../server/outbox/delivery.ts';
import { Outbox } from '../../../server/outbox/outbox.ts';
import { meteredDetector, MeteredRecognizer, meteredSynthesizer } from './metered.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What all calls share. */
export interface Engines {
  readonly bundle: Bundle;
  readonly recognizers: RecognizerFactory;
  readonly interjections: RecognizerFactory;
  readonly detector: () => VoiceActivityDetector;
  readonly synthesizer: Synthesizer;
}

/** Monday, 23 November 2026, 10:00 in Denver. */
const startMs = Date.UTC(2026, 10, 23, 17);
const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
/** From the node to the caller's ear. */
const downstreamMs = 80;
const silenceMs = 8_000;
const watch = { degraded: () => undefined, used: () => undefined };
/** Longest time until a hello is answered. */
const helloMs = 2_000;
const hour = 3_600_000;
const slots: readonly Slot[] = [24, 48, 71].map((hours) => ({
  startMs: startMs + hours * hour,
  endMs: startMs + (hours + 1) * hour,
}));

/** One call without network, page or loudspeaker: what the caller says goes in as samples, at their time. */
export class SimulatedCall {
  readonly clock = new VirtualClock(startMs);
  readonly conversation: Conversation;
  readonly turns: HeardTurn[] = [];
  /** When the agent's voice was stopped. */
  readonly stops: number[] = [];
  /** When the agent could be heard: the start of each 20 ms frame that is not silent. */
  readonly audible: number[] = [];
  readonly #hearing: Hearing;
  readonly #recognizer: MeteredRecognizer;
  readonly #outbox: Outbox;
  #fault: Error | undefined;

  private constructor(engines: Engines, recognizer: MeteredRecognizer, clock: VirtualClock) {
    this.clock = clock;
    this.#recognizer = recognizer;
    const { bundle } = engines;
    const { now } = clock;
    const log = createLog({ write: () => undefined, now });
    this.#outbox = new Outbox(':memory:', now);
    const delivery = new Delivery({ outbox: this.#outbox, log, send: () => new Promise(() => undefined) });
    const guard = createGuard((label, error) => this.#fail(label, error));
    this.conversation = new Conversation({
      bundle,
      recorder: new Recorder({ callId, business: bundle.business.id }, this.#outbox, delivery, now),
      tools: {
        carryOut: async ({ requestId, type }) =>
          type === 'find-slots'
            ? { type: 'slots-found', nowMs: now(), requestId, slots }
            : { type: 'tool-failed', nowMs: now(), requestId, cause: 'There is no calendar in this call' },
        hold: async () => undefined,
      },
      tellPage: (message) => {
        if (message.type === 'flush') this.stops.push(now());
      },
      now,
      after: clock.after,
      silenceMs,
      guard,
      mediaStats: () => undefined,
      onFinished: () => undefined,
      makeVoice: (listener) =>
        new SpokenVoice({
          speech: new SpeechSource(
            { embedded: new SpeechCache(embeddedVoice(meteredSynthesizer(engines.synthesizer, clock))) },
            watch,
          ),
          listener,
          now,
          downstreamMs: () => downstreamMs,
        }),
    });
    const { conversation } = this;
    this.#hearing = new Hearing({
      detector: meteredDetector(engines.detector(), clock),
      recognizer,
      interjections: {
        create: async () => new MeteredRecognizer(await clock.work(() => engines.interjections.create(watch)), clock),
      },
      watch,
      now,
      completeness: (text, interjection) => conversation.completeness(text, interjection),
      agentSpeaking: () => conversation.voice.speaking,
      listener: {
        speechStart: () => conversation.speechStart(),
        partial: (text) => conversation.partial(text),
        preview: (text) => conversation.preview(text),
        turnEnd: (turn) => {
          this.turns.push(turn);
          conversation.heard(turn);
        },
        failed: (cause) => this.#fail('hearing', cause),
      },
    });
  }

  static async open(engines: Engines): Promise<SimulatedCall> {
    const clock = new VirtualClock(startMs);
    const recognizer = new MeteredRecognizer(await engines.recognizers.create(watch), clock);
    return new SimulatedCall(engines, recognizer, clock);
  }

  /** The decoder gets used to the caller's voice, as it would in the turns before. Nothing comes of it. */
  async introduce(speech: Int16Array): Promise<void> {
    this.#recognizer.feed(speech);
    const done = this.#recognizer.finish();
    await this.clock.advanceTo(this.clock.nowMs + speech.length / 16);
    await done;
  }

  /**
   * Brings the call to where the case begins. The caller says hello, so that they are known by their level; then lines
   * are typed, and the agent's replies are heard to their end.
   */
  async begin(hello: Int16Array, lines: readonly string[]): Promise<void> {
    this.conversation.start({ disclosed: true, typed: false });
    await this.hearOut();
    await this.hear(hello);
    for (let waitedMs = 0; !this.conversation.voice.speaking && waitedMs < helloMs; waitedMs += frameMs)
      await this.hear(new Int16Array(frameSamples));
    await this.hearOut();
    for (const line of lines) {
      this.conversation.typed(line);
      await this.hearOut();
    }
  }

  /** The caller's microphone: each 20 ms of it arrives when they have passed. */
  async hear(samples: Int16Array): Promise<void> {
    for (let start = 0; start < samples.length; start += frameSamples) {
      const frame = new Int16Array(frameSamples);
      frame.set(samples.subarray(start, start + frameSamples));
      await this.#frame(frame);
    }
  }

  facts<T extends CallFact['type']>(type: T): Extract<CallFact, { type: T }>[] {
    return this.#outbox
      .pending(callId, 1_000)
      .map(({ fact }) => fact)
      .filter((fact): fact is Extract<CallFact, { type: T }> => fact.type === type);
  }

  async close(): Promise<void> {
    const closed = this.#hearing.close();
    await this.clock.advanceTo(this.clock.nowMs + 60_000);
    await closed;
    await this.conversation.close();
    await this.#recognizer.close();
    this.#outbox.close();
  }

  /** Until the agent has nothing more to say. Nothing comes from the microphone meanwhile. */
  async hearOut(): Promise<void> {
    do {
      do await this.#frame();
      while (this.conversation.voice.speaking);
      // A tool's answer comes right after what was said of it.
      await this.#frame();
    } while (this.conversation.voice.speaking);
  }

  async #frame(heard?: Int16Array): Promise<void> {
    const { clock } = this;
    await clock.advanceTo(clock.nowMs + frameMs);
    if (this.#fault) throw this.#fault;
    if (heard) void this.#hearing.push(heard);
    const { voice } = this.conversation;
    if (!(voice instanceof SpokenVoice)) return;
    const frame = voice.nextFrame();
    if (frame !== silentFrame && levelOf(frame) > 0) this.audible.push(clock.now());
  }

  #fail(part: string, cause: unknown): void {
    this.#fault ??= new Error(`The simulated call broke: ${part}`, { cause });
  }
}
