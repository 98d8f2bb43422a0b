import { randomBytes } from 'node:crypto';
import type { EndReason } from '../../contract/call-event.ts';
import type { SessionClaims } from '../../contract/session.ts';
import type { ClientMessage, ServerMessage } from '../../contract/signaling.ts';
import { nextSteps } from '../../dialogue/outcome.ts';
import { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import { TypedVoice } from '../agent/speak/typed-voice.ts';
import type { VoiceListener } from '../agent/speak/voice.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import type { VoiceActivityDetector } from '../agent/listen/voice-activity.ts';
import type { Log } from '../observe/log.ts';
import { BrowserMedia } from '../transport/browser/browser-media.ts';
import type { MediaWorkers } from '../transport/browser/media-workers.ts';
import type { SignalingSocket } from '../transport/browser/signaling-socket.ts';
import { Conversation } from './conversation.ts';
import { Hearing } from './hearing.ts';
import type { MediaStats } from './latency.ts';
import type { ReadyPlaybook } from './playbooks.ts';
import type { Recorder } from './recorder.ts';
import type { Tools } from './tools.ts';

/** Without a page or without its media for this long, the call is over. */
const lostAfterMs = 15_000;
const watchEveryMs = 1_000;
const maxCallMs = 30 * 60_000;
/** The way to the caller's ear while the page has not measured it: network and jitter buffer. */
const assumedDownstreamMs = 120;

export interface BrowserCallOptions {
  readonly claims: SessionClaims;
  readonly playbook: ReadyPlaybook;
  readonly recorder: Recorder;
  readonly tools: Tools;
  readonly workers: MediaWorkers;
  readonly detector: () => VoiceActivityDetector;
  readonly pacer: Pacer;
  readonly node: string;
  readonly now: () => number;
  readonly log: Log;
  readonly onEnd: () => void;
}

/** One call from a web page, from hello to its last event. */
export class BrowserCall {
  readonly resumeKey = randomBytes(32).toString('base64url');
  readonly #options: BrowserCallOptions;
  readonly #conversation: Conversation;
  #socket: SignalingSocket | undefined;
  #media: BrowserMedia | undefined;
  #hearing: Hearing | undefined;
  #stopPacing: (() => void) | undefined;
  #stats: MediaStats | undefined;
  readonly #watch: NodeJS.Timeout;
  readonly #startedAtMs: number;
  #lastPageMs: number;
  #conversing = false;
  #restarting = false;
  #ended = false;

  constructor(options: BrowserCallOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    this.#lastPageMs = this.#startedAtMs;
    this.#recordStart();
    this.#conversation = new Conversation({
      bundle: options.playbook.bundle,
      tools: options.tools,
      recorder: options.recorder,
      tellPage: (message) => this.#tell(message),
      now: options.now,
      mediaStats: () => this.#stats,
      makeVoice: (listener) => this.#makeVoice(listener),
      onFinished: (reason) => this.end(reason),
    });
    this.#watch = setInterval(() => this.#lookForLoss(), watchEveryMs);
  }

  get callId(): string {
    return this.#options.claims.jti;
  }

  /** The page's connection: the first, or one that takes over from a lost one. */
  async attach(socket: SignalingSocket): Promise<void> {
    const previous = this.#socket;
    this.#socket = socket;
    this.#lastPageMs = this.#options.now();
    previous?.close();
    socket.listen({
      message: (message) => void this.#receive(message).catch((error: unknown) => this.#badMessage(message, error)),
      closed: () => {
        if (this.#socket === socket) this.#socket = undefined;
      },
    });
    const voice = this.#options.claims.mode === 'voice';
    if (voice) this.#media ??= await this.#openMedia();
    const { agentName } = this.#options.playbook.bundle.business;
    const media = this.#media ? { media: this.#media.offer } : {};
    socket.send({ type: 'welcome', callId: this.callId, resumeKey: this.resumeKey, agentName, ...media });
    if (!voice) this.#startConversation();
  }

  end(reason: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watch);
    this.#stopPacing?.();
    this.#conversation.close();
    const { outcome, state } = this.#conversation;
    this.#options.recorder.add({ type: 'call-end', reason, outcome });
    this.#tell({ type: 'ended', reason, outcome, next: nextSteps(this.#options.playbook.bundle, state) });
    this.#socket?.close();
    this.#media?.close();
    void this.#hearing?.close();
    this.#options.onEnd();
  }

  #recordStart(): void {
    const { claims, playbook, recorder, node } = this.#options;
    const { origin, pageUrl, consentVersion, consentAtMs, mode } = claims;
    const page = pageUrl === undefined ? {} : { pageUrl };
    const consent = { consentVersion, consentAtMs };
    const { locale, hash } = playbook.bundle;
    recorder.add({
      type: 'call-start',
      door: 'browser',
      mode,
      playbook: hash,
      node,
      locale,
      origin,
      ...page,
      ...consent,
    });
  }

  #makeVoice(listener: VoiceListener): SpokenVoice | TypedVoice {
    const { claims, playbook, now } = this.#options;
    if (claims.mode === 'text') return new TypedVoice(listener, now);
    const downstreamMs = (): number =>
      this.#stats ? this.#stats.roundTripMs / 2 + this.#stats.jitterBufferMs : assumedDownstreamMs;
    return new SpokenVoice({ cache: playbook.speech, listener, now, downstreamMs });
  }

  async #receive(message: ClientMessage): Promise<void> {
    if (this.#ended) return;
    this.#lastPageMs = this.#options.now();
    switch (message.type) {
      case 'say':
        this.#startConversation();
        this.#conversation.typed(message.text);
        return;
      case 'hang-up':
        this.end('caller-hang-up');
        return;
      case 'media-stats':
        this.#stats = { roundTripMs: message.roundTripMs, jitterBufferMs: message.jitterBufferMs };
        return;
      case 'mute':
        return;
      case 'hello':
      case 'resume':
        this.#socket?.problem('bad-request', 'This call has already begun.', 'Send hello or resume once, first.');
        return;
      case 'connect-transport':
      case 'produce':
      case 'consume':
      case 'ready':
      case 'restart-ice':
        await this.#receiveMedia(message);
        return;
      default:
        message satisfies never;
    }
  }

  async #receiveMedia(
    message: Extract<ClientMessage, { type: 'connect-transport' | 'produce' | 'consume' | 'ready' | 'restart-ice' }>,
  ): Promise<void> {
    const media = this.#media;
    if (!media) {
      this.#socket?.problem('bad-request', 'This is a typed call: it has no media.', 'Start a voice call for that.');
      return;
    }
    switch (message.type) {
      case 'connect-transport':
        await media.connect(message.direction, message.dtlsParameters);
        return;
      case 'restart-ice': {
        const iceParameters = await media.restartIce(message.direction);
        this.#tell({ type: 'ice-restarted', direction: message.direction, iceParameters });
        return;
      }
      case 'produce':
        this.#tell({ type: 'produced', producerId: await media.produce(message.rtpParameters) });
        return;
      case 'consume': {
        const { id, producerId, rtpParameters } = await media.consume(message.rtpCapabilities);
        const json: Record<string, unknown> = { ...rtpParameters };
        this.#tell({ type: 'consumed', consumerId: id, producerId, rtpParameters: json });
        return;
      }
      case 'ready':
        await this.#mediaReady();
        return;
      default:
        message satisfies never;
    }
  }

  async #mediaReady(): Promise<void> {
    if (this.#restarting) {
      this.#restarting = false;
      this.#conversation.resume();
      return;
    }
    if (this.#hearing || this.#conversing) return;
    await this.#startHearing();
    this.#options.recorder.add({ type: 'media-connected' });
    this.#startConversation();
  }

  async #startHearing(): Promise<void> {
    const { playbook, detector, now, pacer } = this.#options;
    const conversation = this.#conversation;
    const recognizer = await playbook.recognizers.create();
    this.#hearing = new Hearing({
      detector: detector(),
      recognizer,
      now,
      completeness: (text) => conversation.completeness(text),
      agentSpeaking: () => conversation.voice.speaking,
      listener: {
        speechStart: () => conversation.speechStart(),
        partial: (text) => conversation.partial(text),
        preview: (text) => conversation.preview(text),
        turnEnd: (turn) => conversation.heard(turn),
        failed: (error) => this.#hearingFailed(error),
      },
    });
    const { voice } = conversation;
    if (voice instanceof SpokenVoice) this.#stopPacing = pacer.add(() => this.#media?.play(voice.nextFrame()));
    if (this.#ended) this.#stopPacing?.();
  }

  #startConversation(): void {
    if (this.#conversing) return;
    this.#conversing = true;
    const { timeZone } = this.#options.claims;
    this.#conversation.start({ disclosed: true, ...(timeZone === undefined ? {} : { callerTimeZone: timeZone }) });
  }

  async #openMedia(): Promise<BrowserMedia> {
    return BrowserMedia.open(await this.#options.workers.room(), {
      audio: (samples) => void this.#hearing?.push(samples),
      died: () => void this.#restartMedia().catch((error: unknown) => this.#mediaLost(error)),
    });
  }

  /** The worker died. The conversation waits while the page builds its media anew. */
  async #restartMedia(): Promise<void> {
    if (this.#ended) return;
    this.#restarting = this.#conversing;
    this.#conversation.pause();
    this.#media = await this.#openMedia();
    this.#options.recorder.add({ type: 'media-restarted', cause: 'The media worker died' });
    this.#tell({ type: 'media-restart', media: this.#media.offer });
  }

  #mediaLost(error: unknown): void {
    this.#options.log.error('Media could not be restarted', { callId: this.callId, error });
    this.end('interrupted');
  }

  #hearingFailed(error: unknown): void {
    this.#options.log.error('Listening failed', { callId: this.callId, error });
    const cause = error instanceof Error ? error.message : String(error);
    this.#options.recorder.add({ type: 'degraded', component: 'recognition', cause: cause.slice(0, 200) });
  }

  #badMessage(message: ClientMessage, error: unknown): void {
    this.#options.log.warn('A signaling message was refused', { callId: this.callId, type: message.type, error });
    this.#socket?.problem(
      'bad-request',
      `The media server refused '${message.type}'.`,
      'Reload the page and call again.',
    );
  }

  #lookForLoss(): void {
    const nowMs = this.#options.now();
    const mediaMs = this.#media?.lastAudioMs;
    const pageHereMs = this.#socket?.open ? nowMs : this.#lastPageMs;
    const silentMs = mediaMs === undefined ? 0 : nowMs - mediaMs;
    // A voice call that was never joined, a page that went away, or media that stopped.
    const unjoined = !this.#conversing && nowMs - this.#startedAtMs > 2 * lostAfterMs;
    if (unjoined || nowMs - pageHereMs > lostAfterMs || silentMs > lostAfterMs) this.end('connection-lost');
    else if (nowMs - this.#startedAtMs > maxCallMs) this.end('time-limit');
  }

  #tell(message: ServerMessage): void {
    this.#socket?.send(message);
  }
}
