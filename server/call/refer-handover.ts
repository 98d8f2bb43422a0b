import type { EndReason } from '../../contract/call-event.ts';
import type { HandoverOptions } from './handover.ts';
import type { PassOn } from './telephone-line.ts';
import type { HandoverListener, TransferAct } from './transfer.ts';

/** One person whom the caller's own trunk is asked to call (REFER): it says how that goes, and the agent waits. */
export class ReferHandover {
  readonly #options: Pick<HandoverOptions, 'recorder' | 'guard'>;
  readonly #act: TransferAct;
  readonly #target: string;
  readonly #passOn: PassOn;
  readonly #listener: HandoverListener;
  #over = false;

  constructor(
    options: Pick<HandoverOptions, 'recorder' | 'guard'>,
    act: TransferAct,
    way: { target: string; passOn: PassOn },
    listener: HandoverListener,
  ) {
    this.#options = options;
    this.#act = act;
    this.#target = way.target;
    this.#passOn = way.passOn;
    this.#listener = listener;
  }

  readonly joined = false;

  begin(): void {
    const { recorder, guard } = this.#options;
    const { to, reason } = this.#act;
    recorder.add({ type: 'handover-start', to, way: 'refer', reason });
    this.#listener.progress('calling');
    // The trunk may take the caller away in the middle of a word.
    this.#listener.onceSaid(() => guard('handover', () => this.#ask()));
  }

  /** The caller's line is over. @param passedOn the trunk had taken the transfer on, and hung up on us. */
  end(_reason: EndReason, passedOn = false): void {
    if (this.#over) return;
    this.#finish(passedOn ? 'passed-on' : 'cancelled');
    if (passedOn) this.#listener.answered('passed-on');
  }

  async #ask(): Promise<void> {
    if (this.#over) return;
    const outcome = await this.#passOn(this.#target, () => this.#ringing());
    if (this.#over) return;
    this.#finish(outcome);
    this.#listener.answered(outcome);
  }

  #ringing(): void {
    if (this.#over) return;
    this.#options.recorder.add({ type: 'handover-ringing', person: this.#act.to.id });
    this.#listener.progress('ringing');
  }

  #finish(result: Awaited<ReturnType<PassOn>> | 'cancelled'): void {
    this.#over = true;
    this.#options.recorder.add({ type: 'handover-end', person: this.#act.to.id, result });
  }
}
