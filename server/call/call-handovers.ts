import type { EndReason } from '../../contract/call-event.ts';
import { Handover, type HandoverOptions } from './handover.ts';
import type { DialPerson } from './person-line.ts';
import type { HandoverListener, Handovers, TransferAct } from './transfer.ts';

export interface CallHandoversOptions extends HandoverOptions {
  /** Absent: nobody can be called from here. */
  readonly dialPerson?: DialPerson | undefined;
}

/** The people that one call is handed to, one after the other, and the sound between them and the caller. */
export class CallHandovers implements Handovers {
  readonly #options: CallHandoversOptions;
  #current: Handover | undefined;

  constructor(options: CallHandoversOptions) {
    this.#options = options;
  }

  ask(act: TransferAct, listener: HandoverListener): void {
    const { dialPerson, recorder, guard } = this.#options;
    const line = dialPerson?.(act, recorder.business);
    if (!line) {
      queueMicrotask(() => guard('handover', () => listener.answered('nobody-free')));
      return;
    }
    const handover = new Handover(this.#options, act, line, listener);
    this.#current = handover;
    queueMicrotask(() => guard('handover', () => handover.begin()));
  }

  join(): void {
    this.#current?.join();
  }

  /** A person has the call. */
  get joined(): boolean {
    return this.#current?.joined ?? false;
  }

  /** What the person says: 20 ms. Only while joined. */
  nextFrame(): Int16Array | undefined {
    return this.#current?.joined ? this.#current.nextFrame() : undefined;
  }

  /** What the caller says. @returns whether it was for a person, and not for the agent. */
  hear(samples: Int16Array): boolean {
    if (!this.#current?.joined) return false;
    this.#current.hear(samples);
    return true;
  }

  /** The call is over. */
  end(reason: EndReason): void {
    this.#current?.end(reason);
  }
}
