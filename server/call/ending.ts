import type { Outcome } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import type { Log } from '../observe/log.ts';
import type { Conversation } from './conversation.ts';
import type { Recorder } from './recorder.ts';

/** A booking that is under way when the call ends has so long to be recorded. */
const lastToolMs = 6_000;

export interface EndingOptions {
  readonly callId: string;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly conversation: () => Conversation | undefined;
  /** At once: nothing more is heard or said. */
  readonly hush: (reason: EndReason) => void;
  /** The record has its last event. */
  readonly afterLast: (reason: EndReason, outcome: Outcome) => void;
  /** The record is whole. */
  readonly onEnd: () => void;
}

/** How a call ends, through whatever door it came: once, with its record whole, whatever else breaks meanwhile. */
export class Ending {
  readonly #options: EndingOptions;
  #begun = false;
  readonly #over = Promise.withResolvers<void>();

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Resolves when the record is whole. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  end(reason: EndReason): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#options.hush(reason);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, lastToolMs);
    Promise.race([this.#options.conversation()?.close(), promise])
      .catch((error: unknown) => this.#log('end', error))
      .then(() => this.#finish(reason))
      .catch((error: unknown) => this.#log('end', error))
      .finally(() => {
        clearTimeout(timer);
        this.#options.onEnd();
        this.#over.resolve();
      });
  }

  /** Something in this call broke. It ends, with its record; the others go on. */
  fault(label: string, error: unknown): void {
    this.#log(label, error);
    if (this.#begun) return;
    try {
      this.#options.recorder.degraded(label, error);
    } finally {
      this.end('interrupted');
    }
  }

  #finish(reason: EndReason): void {
    const { recorder, afterLast, conversation } = this.#options;
    // Whom we called and did not get has not been silent.
    const outcome = reason === 'not-answered' ? 'not-reached' : (conversation()?.outcome ?? 'no-speech');
    recorder.add({ type: 'call-end', reason, outcome });
    afterLast(reason, outcome);
  }

  #log(label: string, error: unknown): void {
    this.#options.log.error('A call had a fault', { callId: this.#options.callId, part: label, error });
  }
}

/** Why the call is over when the agent has nothing more to say after this. */
export function endReasonOf(event: DialogueEvent): EndReason {
  if (event.type === 'caller-silent') return 'caller-silent';
  return event.type === 'transfer-answered' && event.answer === 'passed-on' ? 'transferred' : 'agent-goodbye';
}
