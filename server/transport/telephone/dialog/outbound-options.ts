import type { DigestClient } from '../auth/digest-client.ts';
import type { SipHeader } from '../message/sip-message.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { After } from '../transaction/timing.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { OpenWay } from '../transport/network.ts';
import type { Dialog } from './dialog.ts';
import type { MediaPlace } from './media-agreement.ts';
import type { OutboundEnd } from './outbound-end.ts';
import type { OutboundLeg } from './outbound-leg.ts';
import type { LocalEndpoint, NewId } from './own-headers.ts';

export interface OutboundListener {
  /** The other side says how far it is: 180 rings, 183 goes on. `early`: its audio can be heard already. */
  ringing(status: number, early: boolean): void;
  /** Agreed, or agreed anew. Comes before `answered`; with early media long before. */
  media(agreed: AgreedMedia): void;
  answered(): void;
  keyPressed(key: string): void;
  /** Once, whoever ended it. */
  ended(end: OutboundEnd): void;
}

/** Whom to call, and as whom. */
export interface OutboundCall {
  readonly uri: string;
  /** A URI: who calls. */
  readonly from: string;
  readonly headers: readonly SipHeader[];
  /** Where the other side's audio is to go. */
  readonly media: MediaPlace;
  /** Nobody has picked up after so long: given up. */
  readonly ringMs: number;
}

export interface OutboundOptions {
  readonly call: OutboundCall;
  readonly local: (transport: Flow['transport']) => LocalEndpoint;
  readonly transactions: TransactionLayer;
  readonly after: After;
  readonly random: () => number;
  readonly newId: NewId;
  readonly abilities: readonly SipHeader[];
  readonly digest: DigestClient;
  /** Why it may not be placed at all: then nothing is sent. */
  readonly refusal: OutboundEnd | undefined;
  /** Ways to the trunk, the best first. */
  readonly ways: () => Promise<readonly OpenWay[]>;
  /** The way for requests in a dialog. */
  readonly way: (uri: string, known: Flow) => Flow;
  /** What to call instead, when we are sent elsewhere; undefined where that is not allowed. */
  readonly redirect: (uri: string) => string | undefined;
  /** Another telephone took the other side's place, and its dialog is over. */
  readonly onDialogClosed: (dialog: Dialog) => void;
  /** Nothing more will come for it. */
  readonly onClosed: (leg: OutboundLeg) => void;
}
