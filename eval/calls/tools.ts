import type { Act } from '../../contract/act.ts';
import type { Appointment, Slot } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { MemoryCalendar } from '../../workers/scheduling/memory-calendar.ts';
import type { Expected, Scenario } from './scenario.ts';

/** What the agent can do in the world, and what has come of it. */
export class Tools {
  readonly calendar: MemoryCalendar;
  /** Every time that the calendar or a promise has ever named. */
  readonly named: Slot[] = [];
  readonly callBacks: { readonly reason: string; readonly owner?: string }[] = [];
  /** Who was asked to take the call, and why. */
  readonly transfers: { readonly reason: string; readonly owner: string; readonly accepted: boolean }[] = [];
  /** The appointment that was there before the call, as it was then. */
  readonly existing: Appointment | null;
  private readonly world: Scenario['world'];
  private takesFirst: boolean;

  constructor(bundle: Bundle, world: Scenario['world'], existing: Appointment | null = null) {
    this.existing = existing;
    this.calendar = new MemoryCalendar(bundle.scheduling, existing === null ? [] : [existing]);
    this.world = world;
    this.takesFirst = world.booking === 'taken';
  }

  /** The answer to an act that wants one. */
  answer(act: Act, nowMs: number): DialogueEvent | null {
    switch (act.type) {
      case 'find-slots': {
        const { requestId, service, preference, count, movingAppointmentId } = act;
        if (this.world.calendar === 'fails') return { type: 'tool-failed', nowMs, requestId, cause: 'timeout' };
        const slots =
          this.world.calendar === 'full'
            ? []
            : this.calendar.find(service, preference, count, nowMs, movingAppointmentId);
        this.named.push(...slots);
        return { type: 'slots-found', nowMs, requestId, slots };
      }
      case 'book':
        return this.book(act, nowMs);
      case 'find-appointment':
      case 'move-appointment':
      case 'cancel-appointment':
      case 'confirm-appointment':
        return this.change(act, nowMs);
      case 'promise-call-back': {
        const { requestId, reason, owner, promisedForMs } = act;
        if (this.world.callBack === 'fails') return { type: 'tool-failed', nowMs, requestId, cause: 'timeout' };
        this.callBacks.push({ reason, ...(owner === undefined ? {} : { owner: owner.id }) });
        if (promisedForMs !== undefined) this.named.push({ startMs: promisedForMs, endMs: promisedForMs });
        return { type: 'call-back-recorded', nowMs, requestId };
      }
      case 'transfer': {
        const { requestId, reason, to } = act;
        const { people } = this.world;
        this.transfers.push({ reason, owner: to.id, accepted: people === 'free' });
        const answer = people === 'free' ? 'accepted' : people === 'busy' ? 'busy' : 'failed';
        return { type: 'transfer-answered', nowMs, requestId, answer };
      }
      // What the two talk about is nobody's business here.
      case 'join':
        return { type: 'person-left', nowMs, requestId: act.requestId, talked: true };
      default:
        return null;
    }
  }

  private change(
    act: Extract<Act, { type: 'find-appointment' | 'move-appointment' | 'cancel-appointment' | 'confirm-appointment' }>,
    nowMs: number,
  ): DialogueEvent {
    const { requestId } = act;
    if (this.world.calendar === 'fails') return { type: 'tool-failed', nowMs, requestId, cause: 'timeout' };
    switch (act.type) {
      case 'find-appointment': {
        const appointments = this.calendar.findAppointments(act.by, nowMs);
        this.named.push(...appointments);
        return { type: 'appointments-found', nowMs, requestId, appointments };
      }
      case 'move-appointment': {
        const answer = this.calendar.move(act.appointmentId, act.startMs, nowMs);
        if (answer.status === 'moved') this.named.push(answer.appointment);
        if (answer.status === 'taken') this.named.push(...answer.alternatives);
        return { type: 'move-answered', nowMs, requestId, answer };
      }
      case 'cancel-appointment': {
        const answer = this.calendar.cancel(act.appointmentId, nowMs);
        return { type: 'cancel-answered', nowMs, requestId, answer };
      }
      case 'confirm-appointment': {
        const answer = this.calendar.confirm(act.appointmentId, nowMs);
        return { type: 'confirm-answered', nowMs, requestId, answer };
      }
      default:
        return act satisfies never;
    }
  }

  private book(act: Extract<Act, { type: 'book' }>, nowMs: number): DialogueEvent {
    const { requestId, service, startMs, attendee } = act;
    if (this.world.booking === 'fails') return { type: 'tool-failed', nowMs, requestId, cause: 'timeout' };
    if (this.takesFirst) {
      this.takesFirst = false;
      this.fill(service, startMs, nowMs);
    }
    const answer = this.calendar.book({ service, startMs, attendee }, nowMs);
    if (answer.status === 'booked') this.named.push(answer.appointment);
    if (answer.status === 'taken') this.named.push(...answer.alternatives);
    return { type: 'booking-answered', nowMs, requestId, answer };
  }

  /** Somebody else is quicker: the time is booked as often as it can be. */
  private fill(service: string, startMs: number, nowMs: number): void {
    const attendee = { name: otherCaller };
    while (this.calendar.book({ service, startMs, attendee }, nowMs).status === 'booked');
  }

  /** In this call. */
  get booked(): Appointment[] {
    return this.calendar.appointments.filter(
      ({ id, status, attendee }) => status === 'booked' && attendee.name !== otherCaller && id !== this.existing?.id,
    );
  }

  /** What has become of the appointment that was there before; null when there was none. */
  get existingNow(): { readonly is: Expected['existing']['is']; readonly appointment: Appointment } | null {
    const before = this.existing;
    const appointment = this.calendar.appointments.find(({ id }) => id === before?.id);
    if (before === null || appointment === undefined) return null;
    if (appointment.status === 'cancelled') return { is: 'cancelled', appointment };
    if (appointment.startMs !== before.startMs) return { is: 'moved', appointment };
    return { is: appointment.confirmedAtMs === undefined ? 'untouched' : 'confirmed', appointment };
  }
}

const otherCaller = 'Somebody Else';
