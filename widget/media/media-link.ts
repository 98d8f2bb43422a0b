import type { ClientMessage, MediaOffer, ServerMessage } from '../../contract/signaling.ts';
import type { Clock } from '../call/clock.ts';

/** One call's media, as the call sees it. Kept apart from its making, so that mediasoup loads when a voice call starts. */
export interface MediaLink {
  /** Builds both transports, or builds them anew. */
  build(offer: MediaOffer): Promise<void>;
  /** Hands over what the node says about media; other messages are passed over. */
  receive(message: ServerMessage): void;
  setMuted(muted: boolean): void;
  /** Plays what the browser held back until the visitor touched the page. */
  unblockSound(): void;
  /** Loudness of the visitor's voice, 0 to 1. */
  microphoneLevel(): number;
  /** Ends all media and lets go of the microphone. */
  close(): void;
}

export interface MediaLinkOptions {
  readonly track: MediaStreamTrack;
  /** Plays the agent's voice. */
  readonly audio: HTMLAudioElement;
  readonly clock: Clock;
  send(message: ClientMessage): void;
  onState(state: 'up' | 'down'): void;
  onSoundBlocked(blocked: boolean): void;
  /** The microphone was unplugged or its permission withdrawn. */
  onMicrophoneEnded(): void;
  /** The node does not answer over signaling, though the socket looks open. */
  onUnanswered(): void;
  /** This browser and this node cannot exchange audio. */
  onFailure(cause: unknown): void;
}

export type CreateMediaLink = (options: MediaLinkOptions) => MediaLink;
