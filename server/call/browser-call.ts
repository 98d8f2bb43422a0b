import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { SessionClaims } from '../../contract/session.ts';
import type { ClientMessage, ServerMessage } from '../../contract/signaling.ts';
import { nextSteps } from '../../dialogue/outcome.ts';
import { SpeechSource } from '../agent/speak/speech-source.ts';
import { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import { TypedVoice } from '../agent/speak/typed-voice.ts';
import type { VoiceListener } from '../agent/speak/voice.ts';
import type { Log } from '../observe/log.ts';
import type { SignalingSocket } from '../transport/browser/signaling-socket.ts';
import type { CallRecording } from '../record/call-recording.ts';
import { isOverdue } from './call-limit.ts';
import { CallHandovers } from './call-handovers.ts';
import { Consultations, type LanguageModel } from './consultations.ts';
import { Conversation } from './conversation.ts';
import { Ending } from './ending.ts';
import { createGuard } from './guard.ts';
import type { MediaStats } from './latency.ts';
import type { DialPerson } from './person-line.ts';
import { PageMemory } from './page-memory.ts';
import type { ReadyPlaybook } from './playbooks.ts';
import type { Recorder } from './recorder.ts';
import type { OpenRecording } from './recordings.ts';
import type { Tools } from './tools.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import { VoiceLine, type VoiceLineOptions } from './voice-line.ts';

/** Without a page or without its media for this long, the call is over. */
const lostAfterMs = 15_000;
const watchEveryMs = 1_000;
/** A caller who says nothing is asked after this long; one who reads and writes has more time. */
const spokenSilenceMs = 8_000;
const typedSilenceMs = 60_000;
/** Lines that a visitor can write before the agent is there. */
const maxEarly = 20;
/** The way to the caller's ear while the page has not measured it: network and jitter buffer. */
const assumedDownstreamMs = 120;

export interface BrowserCallOptions extends Pick<VoiceLineOptions, 'workers' | 'detector' | 'pacer' | 'now'> {
  readonly claims: SessionClaims;
  readonly playbook: ReadyPlaybook;
  readonly recorder: Recorder;
  readonly tools: Tools;
  readonly languageModel?: LanguageModel | undefined;
  readonly node: string;
  readonly log: Log;
  readonly dialPerson?: DialPerson | undefined;
  /** How long a call may last in which somebody of the business talks to the caller. */
  readonly maxJoinedMs: number;
  readonly openRecording?: OpenRecording | undefined;
  readonly onEnd: () => void;
}

/** One call from a web page, from hello to its last event. */
export class BrowserCall {
  readonly resumeKey = randomBytes(32).toString('base64url');
  readonly #options: BrowserCallOptions;
  readonly #ending: Ending;
  readonly #guard = createGuard((label, error) => this.#ending.fault(label, error));
  readonly #conversation: Conversation;
  readonly #handovers: CallHandovers;
  readonly #recording: CallRecording | undefined;
  readonly #memory = new PageMemory();
  readonly #watch: NodeJS.Timeout;
  readonly #startedAtMs: number;
  #socket: SignalingSocket | undefined;
  #line: VoiceLine | undefined;
  #stats: MediaStats | undefined;
  /** When the page was last seen: now, while it is connected. */
  #pageLeftMs: number | undefined;
  #conversing = false;
  /** Written before the agent could speak. */
  #early: string[] = [];

  constructor(options: BrowserCallOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    this.#ending = new Ending({
      ...options,
      callId: this.callId,
      conversation: () => this.#conversation,
      hush: (reason) => {
        this.#guard('handover', () => this.#handovers.end(reason));
        clearInterval(this.#watch);
        this.#line?.close();
        this.#recording?.end();
      },
      afterLast: (reason, outcome) => this.#sayWhatIsNext(reason, outcome),
      onEnd: () => {
        this.#socket?.close();
        options.onEnd();
      },
    });
    this.#handovers = new CallHandovers({
      ...options,
      bundle: options.playbook.bundle,
      voices: options.playbook.voices,
      guard: this.#guard,
      after: afterOnThisMachine,
    });
    this.#recordStart();
    this.#recording = options.openRecording?.(options.playbook.bundle, options.recorder);
    const { languageModel, recorder, now } = options;
    this.#conversation = new Conversation({
      bundle: options.playbook.bundle,
      tools: options.tools,
      consultations: languageModel && new Consultations({ ...languageModel, watch: recorder, now }),
      recorder: options.recorder,
      guard: this.#guard,
      tellPage: (message) => this.#tell(message),
      now: options.now,
      after: afterOnThisMachine,
      silenceMs: options.claims.mode === 'voice' ? spokenSilenceMs : typedSilenceMs,
      mediaStats: () => this.#stats,
      makeVoice: (listener) => this.#makeVoice(listener),
      handovers: this.#handovers,
      recording: this.#recording,
      onFinished: (reason) => this.end(reason),
    });
    this.#watch = setInterval(() => this.#guard('watch', () => this.#lookForLoss()), watchEveryMs);
  }

  get callId(): string {
    return this.#options.claims.jti;
  }

  /** The page's connection: the first, or one that takes over from a lost one. */
  async attach(socket: SignalingSocket): Promise<void> {
    const previous = this.#socket;
    const resumed = previous !== undefined || this.#pageLeftMs !== undefined;
    this.#socket = socket;
    this.#pageLeftMs = undefined;
    previous?.close();
    socket.listen({
      message: (message) => void this.#receive(message).catch((error: unknown) => this.#badMessage(message, error)),
      closed: () => this.#pageLeft(socket),
    });
    // It may have gone while its token was being checked.
    if (!socket.open) this.#pageLeft(socket);
    const { voice } = this.#conversation;
    if (voice instanceof SpokenVoice && !this.#line) await this.#openLine(voice);
    if (this.#ending.begun) return;
    const { agentName } = this.#options.playbook.bundle.business;
    const offer = this.#line?.offer;
    const media = offer ? { media: offer } : {};
    socket.send({ type: 'welcome', callId: this.callId, resumeKey: this.resumeKey, agentName, ...media });
    if (resumed) for (const message of this.#memory.messages) socket.send(message);
    if (!this.#line) this.#startConversation();
  }

  /** Resolves when the record is whole. */
  get over(): Promise<void> {
    return this.#ending.over;
  }

  end(reason: EndReason): void {
    this.#ending.end(reason);
  }

  #sayWhatIsNext(reason: EndReason, outcome: Outcome): void {
    const next = nextSteps(this.#options.playbook.bundle, this.#conversation.state);
    this.#tell({ type: 'ended', reason, outcome, next });
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
    const { claims, playbook, recorder, now } = this.#options;
    if (claims.mode === 'text') return new TypedVoice(listener, now);
    const downstreamMs = (): number =>
      this.#stats ? this.#stats.roundTripMs / 2 + this.#stats.jitterBufferMs : assumedDownstreamMs;
    const speech = new SpeechSource(playbook.voices, recorder);
    return new SpokenVoice({ speech, listener, now, downstreamMs });
  }

  async #openLine(voice: SpokenVoice): Promise<void> {
    const { workers, detector, pacer, now, playbook, recorder } = this.#options;
    const conversation = this.#conversation;
    const line = await VoiceLine.open({
      workers,
      detector,
      pacer,
      now,
      voice,
      handovers: this.#handovers,
      recording: this.#recording,
      recognizers: playbook.recognizers,
      interjections: playbook.interjections,
      watch: recorder,
      guard: this.#guard,
      completeness: (text, interjection) => conversation.completeness(text, interjection),
      tell: (message) => this.#tell(message),
      listener: {
        ready: (again) => this.#lineReady(again),
        away: () => {
          conversation.pause();
          recorder.add({ type: 'media-restarted', cause: 'The media worker died' });
        },
        speechStart: () => this.#guard('turn', () => conversation.speechStart()),
        partial: (text) => this.#guard('turn', () => conversation.partial(text)),
        preview: (text) => this.#guard('turn', () => conversation.preview(text)),
        turnEnd: (turn) => this.#guard('turn', () => conversation.heard(turn)),
        hearingFailed: (cause, forGood) => this.#hearingFailed(cause, forGood),
      },
    });
    if (this.#ending.begun) line.close();
    else this.#line = line;
  }

  #lineReady(again: boolean): void {
    if (again) {
      this.#conversation.resume();
      return;
    }
    this.#options.recorder.add({ type: 'media-connected' });
    // Accepted on the page, before the microphone opened.
    this.#recording?.begin();
    this.#startConversation();
  }

  #startConversation(): void {
    if (this.#conversing || this.#ending.begun) return;
    this.#conversing = true;
    const { timeZone, mode } = this.#options.claims;
    const zone = timeZone === undefined ? {} : { callerTimeZone: timeZone };
    this.#conversation.start({ disclosed: true, typed: mode === 'text', ...zone });
    for (const text of this.#early.splice(0)) this.#conversation.typed(text);
  }

  async #receive(message: ClientMessage): Promise<void> {
    if (this.#ending.begun) return;
    switch (message.type) {
      case 'say':
        if (this.#conversing) this.#conversation.typed(message.text);
        else if (this.#early.length < maxEarly) this.#early.push(message.text);
        return;
      case 'typing':
        this.#conversation.typing();
        return;
      case 'hang-up':
        this.end('caller-hang-up');
        return;
      case 'media-stats':
        this.#stats = { roundTripMs: message.roundTripMs, jitterBufferMs: message.jitterBufferMs };
        return;
      case 'mute':
        return;
      case 'accept':
      case 'decline':
      case 'hello':
      case 'resume':
        this.#socket?.problem('bad-request', 'This call has already begun.', 'Send hello or resume once, first.');
        return;
      case 'connect-transport':
      case 'produce':
      case 'consume':
      case 'ready':
      case 'restart-ice':
        if (this.#line) await this.#line.receive(message);
        else
          this.#socket?.problem(
            'bad-request',
            'This is a typed call: it has no media.',
            'Start a voice call for that.',
          );
        return;
      default:
        message satisfies never;
    }
  }

  #hearingFailed(error: unknown, forGood: boolean): void {
    const { log, recorder } = this.#options;
    log.error('Listening failed', { callId: this.callId, forGood, error });
    this.#guard('recognition', () => {
      recorder.degraded('recognition', error);
      if (this.#conversing) this.#conversation.heardNothing();
    });
    if (forGood) this.#socket?.problem('unavailable', 'I cannot hear you any more.', 'Please type instead.');
  }

  #badMessage(message: ClientMessage, error: unknown): void {
    this.#options.log.warn('A signaling message was refused', { callId: this.callId, type: message.type, error });
    this.#socket?.problem(
      'bad-request',
      `The media server refused '${message.type}'.`,
      'Reload the page and call again.',
    );
  }

  #pageLeft(socket: SignalingSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#pageLeftMs = this.#options.now();
  }

  #lookForLoss(): void {
    const nowMs = this.#options.now();
    const awayMs = nowMs - (this.#pageLeftMs ?? nowMs);
    const silentMs = this.#line?.silentMs(nowMs) ?? 0;
    if (awayMs > lostAfterMs || silentMs > lostAfterMs) this.end('connection-lost');
    else {
      const call = { joined: this.#handovers.joined, maxJoinedMs: this.#options.maxJoinedMs };
      if (isOverdue(nowMs - this.#startedAtMs, call)) this.end('time-limit');
    }
  }

  #tell(message: ServerMessage): void {
    this.#memory.note(message);
    this.#socket?.send(message);
  }
}
