import type { Act, Outcome, SpokenAct } from '../../contract/act.ts';
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

export interface Tools {
  slots?: (preference: object) => readonly Slot[];
  /** What the calendar does with a booking. */
  booking?: 'booked' | 'taken' | 'fails';
  calendarDown?: boolean;
  callBackFails?: boolean;
  /** Who is asked to take the call; nobody by default. */
  transfer?: 'accepted' | 'nobody-free' | 'failed' | 'no answer';
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
    start: { disclosed?: boolean; callerNumber?: string; typed?: boolean; languageModel?: boolean } = {},
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
      ...(start.languageModel === undefined ? {} : { languageModel: start.languageModel }),
      ...(start.callerNumber === undefined ? {} : { callerNumber: start.callerNumber }),
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
    } else if (act.type === 'transfer') {
      const { requestId } = act;
      const answer = this.tools.transfer ?? 'nobody-free';
      if (answer === 'no answer') this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else this.send({ type: 'transfer-answered', nowMs, requestId, answer });
    } else if (act.type === 'promise-call-back') {
      const { requestId } = act;
      if (this.tools.callBackFails === true) this.send({ type: 'tool-failed', nowMs, requestId, cause: 'timeout' });
      else this.send({ type: 'call-back-recorded', nowMs, requestId });
    }
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
