import type { Act } from '../../contract/act.ts';
import type { DecisionRecord } from '../../contract/decision.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { nextSteps, outcomeOf } from '../../dialogue/outcome.ts';
import { slotText } from '../../dialogue/phrase/values.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { initialState, type State } from '../../dialogue/state.ts';
import { step } from '../../dialogue/step.ts';
import { MemoryCalendar } from '../../workers/scheduling/memory-calendar.ts';
import { explain, explainAll } from './explain.ts';
import type { Paint } from './style.ts';
import { useTool } from './tools.ts';

export interface ChatOptions {
  /** As on the telephone: nothing was disclosed, words come as they are recognised. */
  readonly spoken: boolean;
  /** E.164: what the carrier shows. */
  readonly callsFrom?: string;
  readonly now: () => number;
  readonly paint: Paint;
  readonly print: (line: string) => void;
}

interface Moment {
  readonly state: State;
  readonly appointments: readonly Appointment[];
  readonly last: DecisionRecord | null;
}

export const help = `/why      everything that was weighed for the last reply
/state    what the agent knows and waits for
/slots    free times, and what is booked
/undo     take back your last line
/restart  a new call
/quit     hang up
An empty line is silence.`;

/** A call in the terminal: a line goes in, what the agent understood, decided and said comes out. */
export class ChatSession {
  readonly #bundle: Bundle;
  readonly #options: ChatOptions;
  #calendar: MemoryCalendar;
  #state: State;
  #last: DecisionRecord | null = null;
  #before: Moment[] = [];
  #ended = false;

  constructor(bundle: Bundle, options: ChatOptions) {
    this.#bundle = bundle;
    this.#options = options;
    this.#calendar = new MemoryCalendar(bundle.scheduling);
    this.#state = initialState(bundle);
    this.#begin();
  }

  /** False when the call is over. */
  take(line: string): boolean {
    const text = line.trim();
    if (text.startsWith('/')) return this.#command(text);
    this.#before.push({ state: this.#state, appointments: [...this.#calendar.appointments], last: this.#last });
    const nowMs = this.#options.now();
    if (text === '') this.#happens({ type: 'caller-silent', nowMs, silentMs: 6_000 });
    else {
      const typed = !this.#options.spoken;
      this.#happens({ type: 'caller-said', nowMs, text, confidence: 1, alternatives: [], typed });
    }
    if (this.#ended) this.#sumUp();
    return !this.#ended;
  }

  /** The caller hangs up. */
  hangUp(): void {
    if (this.#ended) return;
    this.#happens({ type: 'call-end', nowMs: this.#options.now() });
    this.#sumUp();
  }

  #begin(): void {
    const { spoken, callsFrom, now } = this.#options;
    this.#happens({
      type: 'call-start',
      nowMs: now(),
      disclosed: !spoken,
      typed: !spoken,
      ...(callsFrom === undefined ? {} : { callerNumber: callsFrom }),
    });
  }

  #command(text: string): boolean {
    switch (text) {
      case '/why':
        this.#details(this.#last === null ? ['Nothing was decided yet.'] : explainAll(this.#last));
        return true;
      case '/state':
        this.#details(describeState(this.#bundle, this.#state));
        return true;
      case '/slots':
        this.#slots();
        return true;
      case '/undo':
        this.#undo();
        return true;
      case '/restart':
        this.#calendar = new MemoryCalendar(this.#bundle.scheduling);
        this.#state = initialState(this.#bundle);
        this.#before = [];
        this.#begin();
        return true;
      case '/quit':
        this.hangUp();
        return false;
      case '/help':
        this.#details(help.split('\n'));
        return true;
      default:
        this.#options.print(this.#options.paint('error', `There is no command ${text}. /help lists them.`));
        return true;
    }
  }

  #undo(): void {
    const moment = this.#before.pop();
    if (moment === undefined) return this.#details(['There is nothing to take back.']);
    this.#state = moment.state;
    this.#calendar = new MemoryCalendar(this.#bundle.scheduling, moment.appointments);
    this.#last = moment.last;
    this.#details([`Taken back. The agent last said: ${moment.state.lastSaid.sentences.join(' ')}`]);
  }

  #slots(): void {
    const { service } = this.#bundle;
    const free = this.#calendar.find(service, {}, 8, this.#options.now());
    this.#details([
      ...free.map((slot) => `free        ${slotText(this.#bundle, slot)}`),
      ...this.#calendar.appointments.map(
        (booked) => `${booked.status.padEnd(12)}${slotText(this.#bundle, booked)}, ${booked.attendee.name}`,
      ),
    ]);
  }

  /** One event, and those that follow from it. */
  #happens(first: DialogueEvent): void {
    const events = [first];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const { state, acts, record } = step(this.#bundle, this.#state, event);
      this.#state = state;
      if (record !== null) this.#last = record;
      const uses = acts.flatMap((act) => useTool(this.#bundle, this.#calendar, act, event.nowMs) ?? []);
      events.push(...uses.map((use) => use.event));
      if (record !== null)
        this.#details(
          explain(
            record,
            uses.map(({ did }) => did),
          ),
        );
      this.#speak(acts);
      this.#ended ||= acts.some((act) => act.type === 'end');
    }
  }

  #speak(acts: readonly Act[]): void {
    const { paint, print } = this.#options;
    const said = acts.flatMap((act) => ('sentences' in act ? act.sentences.map(({ text }) => text) : []));
    if (said.length > 0) print(paint('agent', `${this.#bundle.business.agentName}: ${said.join(' ')}`));
  }

  #sumUp(): void {
    const { print, paint } = this.#options;
    print(paint('heading', `The call is over: ${outcomeOf(this.#bundle, this.#state)}.`));
    this.#details([...describeState(this.#bundle, this.#state), ...nextSteps(this.#bundle, this.#state)]);
  }

  #details(lines: readonly string[]): void {
    for (const line of lines) this.#options.print(this.#options.paint('detail', `  ${line}`));
  }
}

function describeState(bundle: Bundle, { lead, expecting, appointment, callBack }: State): string[] {
  const labels = new Map(bundle.questions.map(({ id, label }) => [id, label]));
  return [
    `waits for   ${expecting.question ?? 'nothing'} (${expecting.kind})`,
    ...[lead.name, lead.phone, lead.email]
      .filter((known) => known !== undefined)
      .map((known) => `contact     ${known}`),
    ...Object.entries(lead.answers).map(([id, { display }]) => `answer      ${labels.get(id) ?? id}: ${display}`),
    ...lead.objections.map(({ id, attempts, outcome }) => `objection   ${id}, answered ${attempts} times, ${outcome}`),
    ...(lead.askedAbout.length > 0 ? [`asked about ${lead.askedAbout.join(', ')}`] : []),
    `score       ${lead.score}, ${lead.stage}`,
    ...(appointment.booked === null ? [] : [`booked      ${slotText(bundle, appointment.booked)}`]),
    ...(callBack.stage === 'none' ? [] : [`call back   ${callBack.stage}: ${callBack.reason}`]),
  ];
}
