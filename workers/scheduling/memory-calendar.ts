import type {
  Appointment,
  Attendee,
  BookingAnswer,
  SchedulingRules,
  Slot,
  SlotPreference,
} from '../../contract/scheduling.ts';
import { admitBooking } from './admit.ts';
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

  find(serviceId: string, preference: SlotPreference, count: number, nowMs: number): Slot[] {
    const rules = this.#rules;
    const service = rules.services.find(({ id }) => id === serviceId);
    if (service === undefined) return [];
    const busy = this.#busy(serviceId);
    const free = freeSlots({ rules, service, busy, preference, nowMs, maxDays: count + spareDays });
    return spreadSlots(free, count, rules.timeZone);
  }

  book(request: { service: string; startMs: number; attendee: Attendee }, nowMs: number): BookingAnswer {
    const { service: serviceId, startMs, attendee } = request;
    const rules = this.#rules;
    const admission = admitBooking({ rules, serviceId, startMs, busy: this.#busy(serviceId), nowMs });
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
      status: 'booked',
      icsUrl: '',
    };
    this.appointments.push(appointment);
    return { status: 'booked', appointment };
  }

  #busy(serviceId: string): Slot[] {
    return this.appointments.filter(({ service, status }) => service === serviceId && status === 'booked');
  }
}
