import type { HandoverFailure } from '../../contract/handover.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';

export interface LineListener {
  /** Frames may be played: a way for them is agreed. May come again. */
  ready(): void;
  /** What is said from now on is heard by the other side. Once. */
  connected(): void;
  /** Int16 mono at 16,000 Hz, as it comes. */
  audio(samples: Int16Array): void;
  keyPressed(key: string): void;
  /** On hold nobody hears us, and what comes may be music. */
  held(held: boolean): void;
  /** The line works, but not as it should. */
  degraded(cause: string): void;
  /** This line broke: only its call may end by it. */
  fault(error: unknown): void;
  /** Once, whoever ended it. */
  ended(reason: EndReason): void;
}

/**
 * Asks the other side's trunk to call somebody in our place. `passed-on`: it has; the line is ours no more once we hang up.
 *
 * @param target a number, an extension or a SIP URI.
 */
export type PassOn = (target: string, ringing: () => void) => Promise<'passed-on' | HandoverFailure>;

/** A telephone at the other end, whichever way it is connected. */
export interface TelephoneLine {
  /** Picks up, or waits until somebody does. The listener is told what comes of it. */
  open(listener: LineListener): Promise<void>;
  /** One frame of ours: Int16 mono at 16,000 Hz, 20 ms. */
  play(frame: Int16Array): void;
  /** What was played and has not reached the ear yet is not to be heard any more, where that can be had. */
  flush(): void;
  /** Undefined before there is media. */
  readonly quality: LineQuality | undefined;
  /** Epoch ms of the last packet of the other side; undefined while none is owed. */
  readonly lastPacketMs: number | undefined;
  /** From a frame's `play` to the ear, as the line measured it; undefined where it cannot tell. */
  readonly downstreamMs: number | undefined;
  /** Where the line's trunk can be asked. */
  readonly passOn?: PassOn;
  /** Where its packets can be handed to somebody else's line. Undefined before there is media, too. */
  readonly relayEnd?: RelayEnd | undefined;
  hangUp(): void;
}
