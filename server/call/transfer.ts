import type { DoneAct } from '../../contract/act.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import type { Guard } from './guard.ts';
import type { Recorder } from './recorder.ts';
import { transferFact } from './tool-facts.ts';

export type TransferAct = Extract<DoneAct, { type: 'transfer' }>;
export type TransferAnswer = Extract<DialogueEvent, { type: 'transfer-answered' }>['answer'];
export type TransferStage = Extract<DialogueEvent, { type: 'transfer-progress' }>['stage'];

export interface HandoverListener {
  /** Does it once the caller has heard what is being said. */
  onceSaid(work: () => void): void;
  progress(stage: TransferStage): void;
  /** Once; and `passed-on` perhaps after `accepted`. */
  answered(answer: TransferAnswer): void;
  /** After `accepted`, once, unless the call ended first. @param talked whether the two were joined. */
  left(talked: boolean): void;
}

/** The way to people of the business. */
export interface Handovers {
  ask(act: TransferAct, listener: HandoverListener): void;
  /** Whoever has accepted and the caller talk from now on. */
  join(): void;
}

export interface TransferOptions {
  /** Absent: calls cannot be handed to anybody. */
  readonly handovers?: Handovers | undefined;
  readonly recorder: Pick<Recorder, 'add'>;
  readonly now: () => number;
  readonly guard: Guard;
  readonly dispatch: (event: DialogueEvent) => void;
  readonly onceSaid: (work: () => void) => void;
}

/** A conversation's side of handing its call to a person: tells the dialogue what comes of it. */
export class Transfer {
  readonly #options: TransferOptions;
  #joined = false;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** A person has the call: the agent is out of it. */
  get joined(): boolean {
    return this.#joined;
  }

  /** The conversation goes on meanwhile. */
  ask(act: TransferAct): void {
    const { handovers, recorder, now, guard, dispatch, onceSaid } = this.#options;
    const { requestId } = act;
    const during = (work: () => void): void => guard('transfer', work);
    let told = false;
    const answered = (answer: TransferAnswer): void => {
      if (!told) recorder.add(transferFact(act, answer));
      told = true;
      dispatch({ type: 'transfer-answered', nowMs: now(), requestId, answer });
    };
    if (!handovers) {
      queueMicrotask(() => during(() => answered('nobody-free')));
      return;
    }
    handovers.ask(act, {
      onceSaid: (work) => during(() => onceSaid(work)),
      progress: (stage) => during(() => dispatch({ type: 'transfer-progress', nowMs: now(), requestId, stage })),
      answered: (answer) => during(() => answered(answer)),
      left: (talked) =>
        during(() => {
          this.#joined = false;
          dispatch({ type: 'person-left', nowMs: now(), requestId, talked });
        }),
    });
  }

  join(): void {
    this.#joined = true;
    this.#options.handovers?.join();
  }
}
