import type { Replaces } from '../message/replaces.ts';
import { headerOf, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { InviteServer } from '../transaction/invite-server.ts';
import type { NonInviteServer } from '../transaction/non-invite-server.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { After } from '../transaction/timing.ts';
import type { Flow } from '../transport/flow.ts';
import { Dialog, tagOf } from './dialog.ts';
import type { MediaPlace } from './media-agreement.ts';
import type { LocalEndpoint, NewId } from './own-headers.ts';
import type { ReferOutcome, ReferProgress } from './own-refer.ts';
import { requiresReliable, UntilPrack } from './provisional.ts';
import { Session } from './session.ts';
import type { SessionEnd } from './session-options.ts';

/** Why a leg is over. */
export type LegEnd = 'caller-hang-up' | 'cancelled' | 'refused' | 'no-ack' | 'session-expired' | 'hung-up';

export interface LegListener {
  /** Agreed, or agreed anew: hold, another codec, another address. */
  media(agreed: AgreedMedia): void;
  /** The caller has confirmed our answer. */
  confirmed(): void;
  keyPressed(key: string): void;
  /** Once, whoever ended it. */
  ended(cause: LegEnd): void;
}

export interface LegOptions {
  readonly invite: InviteServer;
  readonly local: LocalEndpoint;
  readonly transactions: TransactionLayer;
  readonly after: After;
  readonly random: () => number;
  readonly newId: NewId;
  readonly headers: readonly SipHeader[];
  /** The way for requests in the dialog. */
  readonly way: (uri: string, known: Flow) => Flow;
  /** Nothing more will come for a dialog of it. */
  readonly onClosed: (dialog: Dialog) => void;
}

/** A call that came in: rings until it is answered, refused or given up; from then on it is a session. */
export class InboundLeg {
  readonly request: SipRequest;
  readonly #options: LegOptions;
  readonly #untilPrack: UntilPrack;
  #session: Session;
  /** One that another telephone took over, and that is about to close. */
  #former: Session | undefined;
  #listener: LegListener | undefined;
  #state: 'ringing' | 'answered' | 'over' = 'ringing';

  constructor(options: LegOptions) {
    const { invite, local, newId, headers } = options;
    this.#options = options;
    this.request = invite.request;
    const dialog = Dialog.ofCalled(this.request, newId(), local, newId);
    this.#untilPrack = new UntilPrack(options.after, () => this.refuse(504));
    this.#session = new Session({
      ...options,
      dialog,
      flow: invite.flow,
      abilities: headers,
      weCalled: false,
      listener: {
        media: (agreed) => this.#listener?.media(agreed),
        confirmed: () => this.#listener?.confirmed(),
        keyPressed: (key) => this.#listener?.keyPressed(key),
        provisionalConfirmed: (prack) => this.#untilPrack.confirm(prack),
        ended: (cause) => this.#ended(cause),
        closed: () => options.onClosed(dialog),
      },
    });
  }

  get dialog(): Dialog {
    return this.#session.dialog;
  }

  listen(listener: LegListener): void {
    this.#listener = listener;
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  ring(): void {
    if (this.#state !== 'ringing') return;
    const { invite, random } = this.#options;
    const common = this.dialog.answerHeaders(invite.flow.transport);
    const send = (headers: readonly SipHeader[]): void =>
      this.#session.respond(invite, 180, { headers: [...common, ...headers] });
    if (!requiresReliable(this.request)) send([]);
    // Where we have to make the offer, the first answer that must arrive is the one to bring it: that is the 200.
    else if (this.request.body.length > 0) this.#untilPrack.send(this.request, random(), send);
  }

  /**
   * Picks up. False, with the caller told, when the two sides have no codec in common or the caller is gone.
   *
   * @param media where the caller's audio is to go.
   */
  answer(media: MediaPlace): boolean {
    if (this.#state !== 'ringing') return false;
    this.#session.open(media);
    if (!this.#session.accept(this.#options.invite)) {
      this.refuse(488);
      return false;
    }
    this.#untilPrack.stop();
    this.#state = 'answered';
    return true;
  }

  /** Does not pick up. */
  refuse(status: number, headers: readonly SipHeader[] = []): void {
    if (this.#state === 'ringing') this.#giveUp('refused', status, headers);
  }

  hangUp(): void {
    if (this.#state === 'ringing') this.refuse(503);
    else this.#session.hangUp('hung-up');
  }

  /** The other side's music plays, and is not heard; or the two talk again. */
  hold(held: boolean): void {
    this.#session.hold(held);
  }

  /** Presses a key by SIP INFO, for a side that takes no RFC 4733 events. */
  pressKey(key: string): void {
    this.#session.pressKey(key);
  }

  /** Another telephone takes the caller's place (RFC 3891): its dialog, or the status to refuse it with. */
  takeOver(invite: InviteServer, replaces: Replaces, local: LocalEndpoint): Dialog | number {
    const refusal = this.#session.replaceRefusal(replaces);
    if (refusal !== undefined) return refusal;
    const { newId, onClosed } = this.#options;
    const dialog = Dialog.ofCalled(invite.request, newId(), local, newId);
    const successor = this.#session.succeededBy(invite, dialog, {
      media: (agreed) => this.#listener?.media(agreed),
      confirmed: () => undefined,
      keyPressed: (key) => this.#listener?.keyPressed(key),
      ended: (cause) => this.#ended(cause),
      closed: () => onClosed(dialog),
    });
    if (!successor) return 488;
    this.#former = this.#session;
    this.#session = successor;
    return dialog;
  }

  /** Asks the caller's side to call somebody else instead of us. See `Session.refer`. */
  refer(target: string, progress?: (progress: ReferProgress) => void): Promise<ReferOutcome> {
    return this.#session.refer(target, progress);
  }

  /** To be given to `refer` of another leg, which then takes our place on this one. */
  get replaceableUri(): string {
    return this.dialog.replaceableUri;
  }

  cancel(): void {
    if (this.#state === 'ringing') this.#giveUp('cancelled', 487);
  }

  acknowledge(ack: SipRequest): void {
    this.#sessionOf(ack).acknowledge(ack);
  }

  reinvite(transaction: InviteServer): void {
    this.#sessionOf(transaction.request).reinvite(transaction);
  }

  /** Any other request in the dialog. */
  receive(transaction: NonInviteServer): void {
    this.#sessionOf(transaction.request).receive(transaction);
  }

  #sessionOf(request: SipRequest): Session {
    const former = this.#former;
    return former && tagOf(headerOf(request, 'to') ?? '') === former.dialog.localTag ? former : this.#session;
  }

  #giveUp(cause: LegEnd, status: number, headers: readonly SipHeader[] = []): void {
    this.#untilPrack.stop();
    this.#session.respond(this.#options.invite, status, { headers });
    this.#state = 'over';
    this.#options.onClosed(this.dialog);
    this.#listener?.ended(cause);
  }

  #ended(cause: SessionEnd): void {
    this.#untilPrack.stop();
    if (this.#state === 'ringing') this.#session.respond(this.#options.invite, 487);
    this.#state = 'over';
    this.#listener?.ended(cause === 'remote-hang-up' ? 'caller-hang-up' : cause);
  }
}
