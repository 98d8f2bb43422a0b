import type {
  Appointment,
  AppointmentKey,
  Attendee,
  BookingAnswer,
  CancelAnswer,
  ConfirmAnswer,
  MoveAnswer,
  SchedulingRules,
  Slot,
  SlotPreference,
} from '../../contract/scheduling.ts';
import { admitBooking } from './admit.ts';
import type { Taken } from './capacity.ts';
import { freeSlots } from './free-slots.ts';
import { spareDays, spreadSlots } from './spread.ts';

/**
 * A calendar without storage, for simulations: the control plane's own rules decide what is free and what may be
 * booked. Ids count up, so that the same calls always give the same calendar.
 */
export class MemoryCalendar {
  readonly appointments: Appointment[];
  readonly #rules: SchedulingRules;

  constructor(rules: SchedulingRules, appointments: readonly Appointment[] = []) {
    this.#rules = rules;
    this.appointments = [...appointments];
  }

  find(
    serviceId: string,
    preference: SlotPreference,
    count: number,
    nowMs: number,
    movingAppointmentId?: string,
  ): Slot[] {
    const rules = this.#rules;
    const service = rules.services.find(({ id }) => id === serviceId);
    if (service === undefined) return [];
    const taken = this.#taken(movingAppointmentId);
    const free = freeSlots({ rules, service, taken, preference, nowMs, maxDays: count + spareDays });
    return spreadSlots(free, count, rules.timeZone);
  }

  book(request: { service: string; startMs: number; attendee: Attendee }, nowMs: number): BookingAnswer {
    const { service: serviceId, startMs, attendee } = request;
    const rules = this.#rules;
    const admission = admitBooking({ rules, serviceId, startMs, taken: this.#taken(), nowMs });
    if (admission.status !== 'free') return admission;
    const appointment: Appointment = {
      id: `00000000-0000-4000-8000-${String(this.appointments.length + 1).padStart(12, '0')}`,
      callId: null,
      service: serviceId,
      serviceName: admission.service.name,
      startMs: admission.slot.startMs,
      endMs: admission.slot.endMs,
      timeZone: rules.timeZone,
      attendee,
      ...(admission.staff === null ? {} : { staff: admission.staff }),
      status: 'booked',
      icsUrl: '',
    };
    this.appointments.push(appointment);
    return { status: 'booked', appointment };
  }

  /** What is booked under a number or an address and still to come, soonest first. */
  findAppointments({ phone, email }: AppointmentKey, nowMs: number): Appointment[] {
    return this.appointments
      .filter(({ status, startMs }) => status === 'booked' && startMs > nowMs)
      .filter(
        ({ attendee }) =>
          (phone !== undefined && attendee.phone === phone) ||
          (email !== undefined && attendee.email?.toLowerCase() === email.toLowerCase()),
      )
      .sort((a, b) => a.startMs - b.startMs);
  }

  move(id: string, startMs: number, nowMs: number): MoveAnswer {
    const before = this.#changeable(id, nowMs);
    if (!('id' in before)) return before;
    const { service: serviceId } = before;
    const taken = this.#taken(id);
    const admission = admitBooking({
      rules: this.#rules,
      serviceId,
      startMs,
      taken,
      nowMs,
      staff: before.staff ?? null,
    });
    if (admission.status !== 'free') return admission;
    const { confirmedAtMs: _, staff: __, ...rest } = before;
    const staff = admission.staff === null ? {} : { staff: admission.staff };
    const appointment = this.#replace({ ...rest, ...admission.slot, ...staff });
    return { status: 'moved', appointment, fromMs: before.startMs };
  }

  cancel(id: string, nowMs: number): CancelAnswer {
    const before = this.#changeable(id, nowMs);
    if (!('id' in before)) return before;
    return { status: 'cancelled', appointment: this.#replace({ ...before, status: 'cancelled' }) };
  }

  confirm(id: string, nowMs: number): ConfirmAnswer {
    const before = this.#changeable(id, nowMs);
    if (!('id' in before)) return before;
    return { status: 'confirmed', appointment: this.#replace({ ...before, confirmedAtMs: nowMs }) };
  }

  #changeable(id: string, nowMs: number): Appointment | Extract<CancelAnswer, { status: 'refused' }> {
    const found = this.appointments.find((appointment) => appointment.id === id);
    if (found === undefined) return { status: 'refused', reason: 'unknown-appointment', message: '' };
    if (found.status === 'cancelled') return { status: 'refused', reason: 'cancelled', message: '' };
    return found.startMs > nowMs ? found : { status: 'refused', reason: 'in-the-past', message: '' };
  }

  #replace(appointment: Appointment): Appointment {
    const at = this.appointments.findIndex(({ id }) => id === appointment.id);
    this.appointments.splice(at, 1, appointment);
    return appointment;
  }

  #taken(butNot?: string): Taken[] {
    return this.appointments
      .filter(({ id, status }) => status === 'booked' && id !== butNot)
      .map(({ staff, ...appointment }) => ({ ...appointment, staff: staff ?? null }));
  }
}
