import type { EndReason } from '../../contract/call-event.ts';
import { Handover, type HandoverOptions } from './handover.ts';
import type { DialPerson } from './person-line.ts';
import { ReferHandover } from './refer-handover.ts';
import type { PassOn } from './telephone-line.ts';
import type { HandoverListener, Handovers, TransferAct } from './transfer.ts';

export interface CallHandoversOptions extends HandoverOptions {
  /** Absent: nobody can be called from here. */
  readonly dialPerson?: DialPerson | undefined;
  /** The caller's line, where its trunk can be asked to call somebody. */
  readonly passOn?: PassOn | undefined;
}

/** The people that one call is handed to, one after the other, and the sound between them and the caller. */
export class CallHandovers implements Handovers {
  readonly #options: CallHandoversOptions;
  #current: Handover | ReferHandover | undefined;

  constructor(options: CallHandoversOptions) {
    this.#options = options;
  }

  ask(act: TransferAct, listener: HandoverListener): void {
    const { guard } = this.#options;
    const handover = this.#handoverFor(act, listener);
    this.#current = handover;
    queueMicrotask(() =>
      guard('handover', () => {
        if (handover) handover.begin();
        else listener.answered('nobody-free');
      }),
    );
  }

  join(): void {
    if (this.#current instanceof Handover) this.#current.join();
  }

  /** Where the trunk cannot be asked, a person is rung from here. */
  #handoverFor(act: TransferAct, listener: HandoverListener): Handover | ReferHandover | undefined {
    const { dialPerson, recorder, passOn, bundle, callersEnd } = this.#options;
    const target = act.to.sip ?? act.to.phone;
    if (act.way === 'refer' && passOn && target !== undefined)
      return new ReferHandover(this.#options, act, { target, passOn }, listener);
    const { business, callId } = recorder;
    const line = dialPerson?.(act, {
      business,
      callId,
      agentName: bundle.business.agentName,
      law: callersEnd?.()?.law,
    });
    return line && new Handover(this.#options, act, line, listener);
  }

  /** A person has the call. */
  get joined(): boolean {
    return this.#current?.joined ?? false;
  }

  /** What the person says: 20 ms. Only while joined. */
  nextFrame(): Int16Array | undefined {
    return this.#current instanceof Handover && this.#current.joined ? this.#current.nextFrame() : undefined;
  }

  /** What the caller says. @returns whether it was for a person, and not for the agent. */
  hear(samples: Int16Array): boolean {
    if (!(this.#current instanceof Handover && this.#current.joined)) return false;
    this.#current.hear(samples);
    return true;
  }

  /** The call is over. `transferred`: the trunk has taken the caller to the person, and tells us by hanging up. */
  end(reason: EndReason): void {
    this.#current?.end(reason, reason === 'transferred');
  }
}
