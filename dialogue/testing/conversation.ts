import type { Act, Outcome, SpokenAct } from '../../contract/act.ts';
import type { CallPurpose } from '../../contract/purpose.ts';
import type { Lead } from '../../contract/lead.ts';
import type { Appointment, Slot } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../event.ts';
import { outcomeOf } from '../outcome.ts';
import type { Bundle } from '../playbook/bundle.ts';
import { initialState, type State } from '../state.ts';
import { step, type Step } from '../step.ts';

/** Monday, 23 November 2026, 10:00 in Denver. */
export const mondayMs = Date.UTC(2026, 10, 23, 17);

/** Denver wall-clock slots of one hour in that week: day 24 is Tuesday. */
export function slot(day: number, hour: number): Slot {
  const startMs = Date.UTC(2026, 10, day, hour + 7);
  return { startMs, endMs: startMs + 3_600_000 };
}

/** Susan Miller's appointment. */
export function appointmentAt(at: Slot, change: Partial<Appointment> = {}): Appointment {
  return {
    id: '0191d8b2-0000-4000-8000-000000000001',
    callId: null,
    service: 'roof-inspection',
    serviceName: 'a free roof inspection',
    ...at,
    timeZone: 'America/Denver',
    attendee: { name: 'Susan Miller', phone: '+13035550123', email: 'susan@example.com' },
    status: 'booked',
    icsUrl: 'http://localhost/x.ics',
    ...change,
  };
}

export interface Tools {
  slots?: (preference: object) => readonly Slot[];
  /** What the calendar does with a booking. */
  booking?: 'booked' | 'taken' | 'fails';
  calendarDown?: boolean;
  /** What is booked, by anyone. Changes are made in it. */
  appointments?: Appointment[];
  /** What becomes of a move, a cancellation or a confirmation. */
  change?: 'done' | 'taken' | 'refused' | 'fails';
  callBackFails?: boolean;
  /** Whoever took the call hangs up, after they have talked or before; never by default. */
  personLeaves?: 'after' | 'before';
  /** Who is asked to take the call; nobody by default. */
  transfer?: Extract<DialogueEvent, { type: 'transfer-answered' }>['answer'] | 'no answer' | 'waits';
}

/** A call by text: what the caller says goes in, what the agent does comes out, tools answer by themselves. */
export class Conversation {
  readonly bundle: Bundle;
  readonly tools: Tools;
  state: State;
  readonly steps: Step[] = [];
  /** Acts since the caller's last words. */
  acts: Act[] = [];
  nowMs = mondayMs;
  typed: boolean;

  constructor(
    bundle: Bundle,
    tools: Tools = {},
    start: {
      disclosed?: boolean;
      callerNumber?: string;
      callerName?: string;
      typed?: boolean;
      narrowband?: boolean;
      keypad?: boolean;
      purpose?: CallPurpose;
      languageModel?: boolean;
    } = {},
  ) {
    this.bundle = bundle;
    this.tools = tools;
    this.state = initialState(bundle);
    this.typed = start.typed ?? false;
    this.send({
      type: 'call-start',
      nowMs: this.nowMs,
      disclosed: start.disclosed ?? true,
      typed: this.typed,
      narrowband: start.narrowband ?? false,
      keypad: start.keypad ?? false,
      ...(start.languageModel === undefined ? {} : { languageModel: start.languageModel }),
      ...(start.callerNumber === undefined ? {} : { callerNumber: start.callerNumber }),
      ...(start.callerName === undefined ? {} : { callerName: start.callerName }),
      ...(start.purpose === undefined ? {} : { purpose: start.purpose }),
    });
  }

  /** Says lines one after the other; returns what the agent said to the last. */
  says(...lines: readonly string[]): string {
    for (const text of lines) {
      this.acts = [];
      this.send({ type: 'caller-said', nowMs: this.nowMs, text, confidence: 0.9, alternatives: [], typed: this.typed });
    }
    return this.said;
  }

  silent(): string {
    this.acts = [];
    this.send({ type: 'caller-silent', nowMs: this.nowMs, silentMs: 6_000 });
    return this.said;
  }

  interrupted(heardText: string): void {
    this.send({ type: 'agent-heard', nowMs: this.nowMs, text: heardText, interrupted: true });
  }

  send(event: DialogueEvent): void {
    this.nowMs += 1_000;
    const result = step(this.bundle, this.state, event);
    this.state = result.state;
    this.steps.push(result);
    this.acts.push(...result.acts);
    for (const act of result.acts) this.answer(act);
  }

  private answer(act: Act): void {
    const { nowMs } = this;
    if (act.type === 'find-slots') {
      const { requestId } = act;
      if (this.tools.calendarDown === true) this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else
        this.send({
          type: 'slots-found',
          nowMs,
          requestId,
          slots: this.tools.slots?.(act.preference) ?? [slot(24, 10), slot(24, 14), slot(25, 9)],
        });
    } else if (act.type === 'book') {
      const { requestId } = act;
      if (this.tools.booking === 'fails') this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else if (this.tools.booking === 'taken') {
        this.tools.booking = 'booked';
        this.send({
          type: 'booking-answered',
          nowMs,
          requestId,
          answer: { status: 'taken', alternatives: [slot(27, 11), slot(27, 15)] },
        });
      } else {
        const appointment: Appointment = {
          id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
          callId: null,
          service: act.service,
          serviceName: 'a free roof inspection',
          startMs: act.startMs,
          endMs: act.startMs + 3_600_000,
          timeZone: 'America/Denver',
          attendee: act.attendee,
          status: 'booked',
          icsUrl: 'http://localhost/x.ics',
        };
        this.send({ type: 'booking-answered', nowMs, requestId, answer: { status: 'booked', appointment } });
      }
    } else if (act.type === 'find-appointment') {
      const { requestId, by } = act;
      if (this.tools.calendarDown === true) this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else {
        const appointments = (this.tools.appointments ?? []).filter(
          ({ attendee, status }) =>
            status === 'booked' &&
            ((by.phone !== undefined && attendee.phone === by.phone) ||
              (by.email !== undefined && attendee.email === by.email)),
        );
        this.send({ type: 'appointments-found', nowMs, requestId, appointments });
      }
    } else if (
      act.type === 'move-appointment' ||
      act.type === 'cancel-appointment' ||
      act.type === 'confirm-appointment'
    ) {
      this.change(act);
    } else if (act.type === 'transfer') {
      const { requestId } = act;
      const answer = this.tools.transfer ?? 'nobody-free';
      if (answer === 'waits') return;
      if (answer === 'no answer') this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else this.send({ type: 'transfer-answered', nowMs, requestId, answer });
    } else if (act.type === 'join' && this.tools.personLeaves !== undefined) {
      const talked = this.tools.personLeaves === 'after';
      this.send({ type: 'person-left', nowMs, requestId: act.requestId, talked });
    } else if (act.type === 'promise-call-back') {
      const { requestId } = act;
      if (this.tools.callBackFails === true) this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else this.send({ type: 'call-back-recorded', nowMs, requestId });
    }
  }

  private change(act: Extract<Act, { type: 'move-appointment' | 'cancel-appointment' | 'confirm-appointment' }>): void {
    const { nowMs, tools } = this;
    const { requestId, appointmentId } = act;
    const how = tools.change ?? 'done';
    const at = (tools.appointments ?? []).findIndex(({ id }) => id === appointmentId);
    const before = tools.appointments?.[at];
    if (how === 'fails' || before === undefined)
      return this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
    const refused = { status: 'refused', reason: 'in-the-past', message: '' } as const;
    const write = (appointment: Appointment): Appointment => {
      tools.appointments?.splice(at, 1, appointment);
      return appointment;
    };
    if (act.type === 'move-appointment') {
      if (how === 'taken') {
        tools.change = 'done';
        const answer = { status: 'taken' as const, alternatives: [slot(27, 11), slot(27, 15)] };
        return this.send({ type: 'move-answered', nowMs, requestId, answer });
      }
      if (how === 'refused') return this.send({ type: 'move-answered', nowMs, requestId, answer: refused });
      const appointment = write({ ...before, startMs: act.startMs, endMs: act.startMs + 3_600_000 });
      const answer = { status: 'moved' as const, appointment, fromMs: before.startMs };
      return this.send({ type: 'move-answered', nowMs, requestId, answer });
    }
    if (act.type === 'cancel-appointment') {
      if (how !== 'done') return this.send({ type: 'cancel-answered', nowMs, requestId, answer: refused });
      const answer = { status: 'cancelled' as const, appointment: write({ ...before, status: 'cancelled' }) };
      return this.send({ type: 'cancel-answered', nowMs, requestId, answer });
    }
    if (how !== 'done') return this.send({ type: 'confirm-answered', nowMs, requestId, answer: refused });
    const answer = { status: 'confirmed' as const, appointment: write({ ...before, confirmedAtMs: nowMs }) };
    return this.send({ type: 'confirm-answered', nowMs, requestId, answer });
  }

  /** Everything the agent said since the caller's last words. */
  get said(): string {
    return this.acts
      .filter((act): act is SpokenAct => 'sentences' in act)
      .flatMap((act) => act.sentences.map((sentence) => sentence.text))
      .join(' ');
  }

  get did(): string[] {
    return this.acts.map((act) => act.type);
  }

  get asked(): string | undefined {
    return this.state.expecting.question;
  }

  get lead(): Lead {
    return this.state.lead;
  }

  get outcome(): Outcome {
    return outcomeOf(this.bundle, this.state);
  }

  get rule(): string | undefined {
    return this.steps.findLast(({ record }) => record?.trigger === 'caller-said')?.record?.chosen.rule;
  }
}
