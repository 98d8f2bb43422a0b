import type { OutcomeName } from '../../contract/call-event.ts';
import type { CallMode, Session } from '../../contract/session.ts';
import type { ServerMessage } from '../../contract/signaling.ts';
import type { InferOutput } from 'valibot';
import type { CreateMediaLink, MediaLink } from '../media/media-link.ts';
import type { MicrophoneAnswer } from '../media/microphone.ts';
import { SignalingChannel } from '../signaling/signaling-channel.ts';
import type { OpenSocket } from '../signaling/socket.ts';
import { type Booking, type CallState, initialState } from './call-state.ts';
import type { Clock } from './clock.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Failure } from './failure.ts';
import { type CallEvent, reduce } from './reduce.ts';

/** After a hang-up, how long the host has to say what happens next. */
const LAST_WORD_MS = 2_000;

/** How often the node is told that the visitor is writing. */
const TYPING_EVERY_MS = 2_000;

/** Codes of a session that a fresh one cures. */
const STALE_SESSION = new Set(['token-expired', 'token-used', 'token-invalid']);

export interface CallListener {
  /** The state changed. */
  state(state: CallState): void;
  started(callId: string): void;
  booked(booking: Booking): void;
  ended(callId: string, outcome: InferOutput<typeof OutcomeName>): void;
  failed(failure: Failure): void;
}

export interface CallOptions {
  readonly business: string;
  /** Origin and path of the visitor's page. */
  readonly pageUrl: string;
  readonly timeZone: string;
  /** BCP 47. Of the page; absent where it names none that can be read. */
  readonly locale?: string | undefined;
  readonly audio: HTMLAudioElement;
  readonly controlPlane: ControlPlane;
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly openMicrophone: () => Promise<MicrophoneAnswer>;
  readonly loadMedia: () => Promise<CreateMediaLink>;
  readonly listener: CallListener;
}

/** One visitor's calls in one panel: does what the states stand for, and tells the reducer what came of it. */
export class Call {
  readonly #options: CallOptions;
  #state: CallState = initialState;
  /** Counts attempts: what an abandoned one still brings is dropped. */
  #attempt = 0;
  #track: MediaStreamTrack | null = null;
  #channel: SignalingChannel | null = null;
  #media: MediaLink | null = null;
  #cancelLastWord: () => void = () => {};
  #typingToldMs = Number.NEGATIVE_INFINITY;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  get state(): CallState {
    return this.#state;
  }

  get microphoneLevel(): number {
    return this.#media?.microphoneLevel() ?? 0;
  }

  /** Fetches the disclosure. No microphone, no session before the visitor has accepted it. */
  async load(): Promise<void> {
    const attempt = this.#begin();
    this.#apply({ type: 'load' });
    const answer = await this.#options.controlPlane.widgetConfig(this.#options.business, this.#options.locale);
    if (attempt !== this.#attempt) return;
    if (answer.ok) this.#apply({ type: 'config', config: answer.value });
    else this.#fail(answer.failure);
  }

  /** The visitor has accepted the disclosure. */
  async start(mode: CallMode): Promise<void> {
    const attempt = this.#begin();
    this.#apply({ type: 'consent', mode });
    if (this.#state.phase !== 'connecting') return;
    if (mode === 'voice') {
      // Loads while the visitor answers the browser's question. The import is awaited, and reported, when it is needed.
      this.#options.loadMedia().catch(() => {});
      const answer = await this.#options.openMicrophone();
      if (attempt !== this.#attempt) {
        if (answer.ok) answer.track.stop();
        return;
      }
      if (!answer.ok) {
        this.#apply({ type: 'microphone-fault', fault: answer.fault });
        return;
      }
      this.#track = answer.track;
    }
    await this.#connect(mode, attempt, true);
  }

  say(text: string): void {
    const trimmed = text.trim();
    if (trimmed !== '') this.#channel?.send({ type: 'say', text: trimmed });
  }

  /** The visitor is writing: without a word of it, the agent would take that for silence. */
  typing(): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#typingToldMs < TYPING_EVERY_MS) return;
    this.#typingToldMs = nowMs;
    this.#channel?.send({ type: 'typing' });
  }

  setMuted(muted: boolean): void {
    this.#apply({ type: 'mute', muted });
    if (this.#state.muted !== muted) return;
    this.#media?.setMuted(muted);
    this.#channel?.send({ type: 'mute', muted });
  }

  unblockSound(): void {
    this.#media?.unblockSound();
  }

  /** Silent at once; the host then says how it ended. */
  hangUp(): void {
    if (this.#state.phase !== 'talking' || this.#state.ending) return;
    this.#apply({ type: 'hang-up' });
    this.#closeMedia();
    this.#channel?.send({ type: 'hang-up' });
    this.#cancelLastWord = this.#options.clock.after(LAST_WORD_MS, () => this.#endHere('caller-hang-up'));
  }

  /** The page goes away, or the visitor closes the panel. */
  leave(): void {
    this.#channel?.send({ type: 'hang-up' });
    if (this.#state.phase === 'talking') this.#endHere('caller-hang-up');
    else this.#begin();
  }

  async #connect(mode: CallMode, attempt: number, mayRetry: boolean): Promise<void> {
    const { controlPlane, business, pageUrl, timeZone, locale } = this.#options;
    const version = this.#state.config?.disclosure.version ?? '';
    const answer = await controlPlane.createSession({
      business,
      mode,
      consent: { accepted: true, version },
      ...(pageUrl.length <= 500 && { pageUrl }),
      timeZone,
      ...(locale !== undefined && { locale }),
    });
    if (attempt !== this.#attempt) return;
    if (answer.ok) this.#openChannel(answer.value, mode, attempt, mayRetry);
    else this.#fail(answer.failure);
  }

  #openChannel(session: Session, mode: CallMode, attempt: number, mayRetry: boolean): void {
    const { openSocket, clock } = this.#options;
    const channel = new SignalingChannel({
      url: session.signalingUrl,
      token: session.token,
      mode,
      openSocket,
      clock,
      listener: {
        message: (message) => {
          if (channel !== this.#channel) return;
          if (message.type === 'problem' && this.#state.phase === 'connecting') {
            channel.close();
            if (mayRetry && STALE_SESSION.has(message.code)) void this.#connect(mode, attempt, false);
            else this.#fail({ kind: 'problem', code: message.code, message: message.message, action: message.action });
          } else this.#receive(message);
        },
        down: () => {
          if (channel === this.#channel) this.#apply({ type: 'socket-down' });
        },
        lost: () => {
          if (channel !== this.#channel) return;
          if (this.#state.phase === 'talking') this.#endHere(this.#state.ending ? 'caller-hang-up' : 'connection-lost');
          else this.#fail({ kind: 'unreachable' });
        },
      },
    });
    this.#channel = channel;
  }

  #receive(message: ServerMessage): void {
    const before = this.#state;
    this.#apply({ type: 'message', message });
    const { listener } = this.#options;
    switch (message.type) {
      case 'welcome':
        if (before.phase === 'connecting') {
          listener.started(message.callId);
          // A typed call needs no microphone.
          if (message.media === undefined) this.#closeMedia();
        }
        if (message.media !== undefined) void this.#buildMedia(message.media);
        return;
      case 'booked':
        if (this.#state.bookings.length > before.bookings.length) listener.booked(message);
        return;
      case 'ended':
        if (before.phase === 'talking') this.#finish();
        return;
      case 'problem':
        // What was resumed is no longer there.
        if (message.code === 'call-ended' || message.code === 'not-found') this.#endHere('connection-lost');
        return;
      default:
        this.#media?.receive(message);
    }
  }

  async #buildMedia(offer: NonNullable<Extract<ServerMessage, { type: 'welcome' }>['media']>): Promise<void> {
    const track = this.#track;
    const attempt = this.#attempt;
    if (track === null || this.#state.ending) return;
    try {
      const create = await this.#options.loadMedia();
      if (attempt !== this.#attempt || this.#state.phase !== 'talking' || this.#state.ending) return;
      this.#media ??= create({
        track,
        audio: this.#options.audio,
        clock: this.#options.clock,
        send: (message) => this.#channel?.send(message),
        onState: (media) => this.#apply({ type: 'media', media }),
        onSoundBlocked: (blocked) => this.#apply({ type: 'sound', blocked }),
        onMicrophoneEnded: () => this.setMuted(true),
        onUnanswered: () => this.#channel?.suspect(),
        onFailure: () => this.#abandon(),
      });
      await this.#media.build(offer);
    } catch {
      if (attempt === this.#attempt) this.#abandon();
    }
  }

  /** The line is up but no sound can be exchanged: say so, and let the visitor type. */
  #abandon(): void {
    this.#channel?.send({ type: 'hang-up' });
    this.#fail({ kind: 'media-failed' });
  }

  #endHere(reason: 'caller-hang-up' | 'connection-lost'): void {
    if (this.#state.phase !== 'talking') return;
    const outcome = this.#state.bookings.length > 0 ? 'appointment-booked' : 'incomplete';
    this.#apply({ type: 'over', ended: { reason, outcome, next: [] } });
    this.#finish();
  }

  #finish(): void {
    const { callId, ended } = this.#state;
    this.#begin();
    if (callId !== null && ended !== null) this.#options.listener.ended(callId, ended.outcome);
  }

  #fail(failure: Failure): void {
    this.#begin();
    this.#apply({ type: 'fail', failure });
    this.#options.listener.failed(failure);
  }

  /** Ends whatever went before; the answer names the attempt that starts here. */
  #begin(): number {
    this.#cancelLastWord();
    this.#channel?.close();
    this.#channel = null;
    this.#closeMedia();
    return ++this.#attempt;
  }

  #closeMedia(): void {
    this.#media?.close();
    this.#media = null;
    this.#track?.stop();
    this.#track = null;
  }

  #apply(event: CallEvent): void {
    const next = reduce(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#options.listener.state(next);
  }
}
