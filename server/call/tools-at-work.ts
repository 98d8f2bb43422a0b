import type { Slot } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import type { Guard } from './guard.ts';
import type { TellPage } from './page.ts';
import type { Recorder } from './recorder.ts';
import { newAppointment, type ToolAct, toolFacts } from './tool-facts.ts';
import type { Tools } from './tools.ts';

export interface ToolsAtWorkOptions {
  readonly tools: Pick<Tools, 'carryOut' | 'hold'>;
  readonly recorder: Recorder;
  readonly tellPage: TellPage;
  readonly guard: Guard;
}

/** What a conversation has asked the calendar for, until it has answered; what came of it goes into the record. */
export class ToolsAtWork {
  readonly #options: ToolsAtWorkOptions;
  readonly #unsettled = new Set<Promise<void>>();
  /** What the offered times are for. */
  #search: Extract<ToolAct, { type: 'find-slots' }> | null = null;

  constructor(options: ToolsAtWorkOptions) {
    this.#options = options;
  }

  use(act: ToolAct, answered: (event: DialogueEvent) => void): void {
    const { tools, guard } = this.#options;
    if (act.type === 'find-slots') this.#search = act;
    const work = tools.carryOut(act).then((event) => {
      this.#note(event);
      answered(event);
    });
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#unsettled.add(settled);
    void settled.then(() => this.#unsettled.delete(settled));
    guard('tool', () => work);
  }

  /** Nobody else shall take the time that the caller chose while the agent asks for the rest. */
  keepChosen(before: Slot | null, chosen: Slot | null): void {
    if (chosen === null || chosen.startMs === before?.startMs || this.#search === null) return;
    const { service, movingAppointmentId } = this.#search;
    this.#options.guard('hold', () => this.#options.tools.hold(service, chosen.startMs, movingAppointmentId));
  }

  /** Resolves when all that are at work now have answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#unsettled);
  }

  #note(event: DialogueEvent): void {
    const { recorder, tellPage } = this.#options;
    if (event.type === 'tool-failed') recorder.degraded('calendar', event.cause);
    if (event.type === 'slots-found' && event.degraded !== undefined) recorder.degraded('calendar', event.degraded);
    for (const fact of toolFacts(event)) recorder.add(fact);
    const appointment = newAppointment(event);
    if (appointment === null) return;
    const { serviceName, startMs, endMs, timeZone, icsUrl } = appointment;
    tellPage({ type: 'booked', serviceName, startMs, endMs, timeZone, icsUrl });
  }
}
