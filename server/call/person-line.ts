import type { HandoverFailure } from '../../contract/handover.ts';
import type { G711Law } from '../audio/g711.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import type { TransferAct } from './transfer.ts';

/** Why a person's line is over: nobody took the call, they hung up, or the line was lost. */
export type PersonLineEnd = HandoverFailure | 'hung-up' | 'lost';

export interface PersonLineListener {
  ringing(): void;
  /** They hear what is played from now on. */
  answered(): void;
  /** Int16 mono at 16,000 Hz, as it comes. */
  audio(samples: Int16Array): void;
  keyPressed(key: string): void;
  fault(error: unknown): void;
  /** Once, whoever ended it. @param why for the log, without personal data. */
  ended(end: PersonLineEnd, why?: string): void;
}

/** The telephone of somebody of the business, whom we call. */
export interface PersonLine {
  /** Rings them. */
  open(listener: PersonLineListener): Promise<void>;
  /** One frame: Int16 mono at 16,000 Hz, 20 ms. */
  play(frame: Int16Array): void;
  /** Epoch ms of their last packet; undefined while none is owed. */
  readonly lastPacketMs: number | undefined;
  /** What another telephone calls to take our place on this line; undefined before it is answered, or where that is not to be had. */
  readonly replaceableUri: string | undefined;
  /** Where its packets can be handed to the caller's line. */
  readonly relayEnd?: RelayEnd | undefined;
  hangUp(): void;
}

export interface CallToHandOver {
  readonly business: string;
  readonly callId: string;
  readonly agentName: string;
  /** How the caller's line speaks, where its packets can be relayed: whoever speaks the same way hears it as it is. */
  readonly law?: G711Law | undefined;
}

/** Finds the way to a person. Undefined where there is none: nothing says where, or no trunk may call there. */
export type DialPerson = (act: TransferAct, call: CallToHandOver) => PersonLine | undefined;
