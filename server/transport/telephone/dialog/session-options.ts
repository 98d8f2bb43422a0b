import type { DigestClient } from '../auth/digest-client.ts';
import type { SipHeader, SipRequest } from '../message/sip-message.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { After } from '../transaction/timing.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { Dialog } from './dialog.ts';

export type SessionEnd = 'remote-hang-up' | 'no-ack' | 'session-expired' | 'hung-up';

export interface SessionListener {
  /** Agreed, or agreed anew: hold, another codec, another address. */
  media(agreed: AgreedMedia): void;
  /** The other side has confirmed our 2xx. */
  confirmed(): void;
  keyPressed(key: string): void;
  /** A PRACK: whether it confirms what we sent. */
  provisionalConfirmed?(prack: SipRequest): boolean;
  /** Once, whoever ended it. */
  ended(cause: SessionEnd): void;
  /** Nothing more will be said in the dialog. At the end, or shortly after it. */
  closed(): void;
}

export interface SessionOptions {
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly transactions: TransactionLayer;
  readonly after: After;
  /** 0 to 1. */
  readonly random: () => number;
  /** What we can do: `Allow`, `Supported`. */
  readonly abilities: readonly SipHeader[];
  readonly digest?: DigestClient | undefined;
  /** We made the dialog, and chose its Call-ID. */
  readonly weCalled: boolean;
  /** The way for requests to a URI. @param known how the peer was reached before. */
  readonly way: (uri: string, known: Flow) => Flow;
  readonly listener: SessionListener;
}
