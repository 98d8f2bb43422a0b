import type { Clock } from '../call/clock.ts';
import { FlushGate } from './flush-gate.ts';

/** The agent's voice in the page's `<audio>`. */
export class Playback {
  readonly #audio: HTMLAudioElement;
  readonly #gate: FlushGate;
  readonly #onBlocked: (blocked: boolean) => void;

  constructor(audio: HTMLAudioElement, clock: Clock, onBlocked: (blocked: boolean) => void) {
    this.#audio = audio;
    this.#onBlocked = onBlocked;
    this.#gate = new FlushGate(clock, (silent) => {
      audio.muted = silent;
    });
  }

  /** The browser may hold the first packets back to smooth later ones; in a conversation, sooner is better. */
  attach(track: MediaStreamTrack, receiver: RTCRtpReceiver | undefined): void {
    if (receiver !== undefined && 'jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    this.#audio.srcObject = new MediaStream([track]);
    this.play();
  }

  play(): void {
    this.#audio.play().then(
      () => this.#onBlocked(false),
      (error: unknown) => {
        // AbortError: a newer stream took its place.
        if (error instanceof Error && error.name === 'NotAllowedError') this.#onBlocked(true);
      },
    );
  }

  flush(): void {
    this.#gate.flush();
  }

  agentSpeaks(): void {
    this.#gate.agentSpeaks();
  }

  close(): void {
    this.#gate.close();
    this.#audio.pause();
    this.#audio.srcObject = null;
    this.#audio.muted = false;
  }
}
