import { RpcTarget } from 'cloudflare:workers';
import type {
  Appointment,
  AppointmentQuery,
  AppointmentsFound,
  BookingAnswer,
  BookingRequest,
  CancelAnswer,
  ChangeRequest,
  ConfirmAnswer,
  HoldAnswer,
  HoldRequest,
  MoveAnswer,
  MoveRequest,
  SchedulingRules,
  SlotAnswer,
  SlotQuery,
} from '../../contract/scheduling.ts';
import type { StaffBooking, StaffMove } from '../../contract/staff-appointment.ts';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import type { Invitation } from '../scheduling/invitation.ts';
import { freeSlots } from '../scheduling/free-slots.ts';
import { isRemoved } from '../privacy/erase-call.ts';
import { spareDays, spreadSlots } from '../scheduling/spread.ts';
import {
  cancelAppointment,
  causeOf,
  confirmAppointment,
  findAppointments,
  moveAppointment,
} from './appointment-changes.ts';
import { appointmentsFrom, bookAppointment, invitationOf } from './appointments.ts';
import type { CalendarDesk } from './calendar-desk.ts';
import { isOver } from './call-watch.ts';
import { businessId } from './config.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import * as faults from './faults.ts';
import { activePlaybook, type Essentials } from './playbooks.ts';
import { appointmentCause } from './projection.ts';
import { bookForStaff, cancelForStaff, moveForStaff, type StaffContext } from './staff-appointments.ts';
import { hold, takenTimes } from './taken-times.ts';

export interface AppointmentDeskContext {
  readonly storage: DurableObjectStorage;
  readonly calendars: CalendarDesk;
  readonly deliveries: DeliveryDesk;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly publicUrl: () => string;
}

interface Circumstances {
  readonly business: string;
  readonly publicUrl: string;
  readonly nowMs: number;
}

/** What callers and staff ask of a business's calendar. A part of its Durable Object. */
export class AppointmentDesk extends RpcTarget {
  readonly #context: AppointmentDeskContext;
  readonly #sql: SqlStorage;

  constructor(context: AppointmentDeskContext) {
    super();
    this.#context = context;
    this.#sql = context.storage.sql;
  }

  async findSlots({
    callId,
    service: serviceId,
    preference,
    count,
    movingAppointmentId,
  }: SlotQuery): Promise<Answer<SlotAnswer>> {
    const playbook = this.#playbook;
    if (playbook === null) return fail(this.#missing);
    const rules = playbook.scheduling;
    const service = rules.services.find(({ id }) => id === serviceId);
    if (service === undefined) return fail(faults.unknownService);
    const degraded = await this.#context.calendars.freshen();
    const nowMs = this.#context.now();
    const taken = takenTimes(this.#sql, { fromMs: nowMs, nowMs, callId, butNot: movingAppointmentId });
    const free = freeSlots({ rules, service, taken, preference, nowMs, maxDays: count + spareDays });
    const slots = spreadSlots(free, count, rules.timeZone);
    return succeed(degraded === null ? { slots } : { slots, degraded });
  }

  hold(request: HoldRequest): Answer<HoldAnswer> {
    const playbook = this.#playbook;
    if (playbook === null) return fail(this.#missing);
    return succeed(
      this.#context.storage.transactionSync(() => hold(this.#sql, request, playbook.scheduling, this.#context.now())),
    );
  }

  async book(request: BookingRequest): Promise<Answer<BookingAnswer>> {
    const playbook = this.#playbook;
    if (playbook === null) return fail(this.#missing);
    await this.#context.calendars.freshen();
    const nowMs = this.#context.now();
    const booking = { request, rules: playbook.scheduling, publicUrl: this.#context.publicUrl(), nowMs };
    if (isRemoved(this.#sql, request.callId)) return fail(faults.erasedCall);
    const { answer, isLate } = this.#context.storage.transactionSync(() => {
      const booked = bookAppointment(this.#sql, booking);
      if (booked.status !== 'booked' || !isOver(this.#sql, request.callId)) return { answer: booked, isLate: false };
      // The caller hung up meanwhile, and the CRM was told of a call without this appointment.
      this.#context.deliveries.notify(request.callId, appointmentCause(booked.appointment.id), nowMs);
      return { answer: booked, isLate: true };
    });
    await Promise.all([isLate ? this.#context.deliveries.sendDue() : null, this.#context.calendars.sendDue()]);
    return succeed(answer);
  }

  findAppointments({ by }: AppointmentQuery): Answer<AppointmentsFound> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    return succeed({ appointments: findAppointments(this.#sql, by, this.#circumstances) });
  }

  async moveAppointment(request: MoveRequest): Promise<Answer<MoveAnswer>> {
    const playbook = this.#playbook;
    if (playbook === null) return fail(this.#missing);
    await this.#context.calendars.freshen();
    const context = { rules: playbook.scheduling, publicUrl: this.#context.publicUrl(), nowMs: this.#context.now() };
    return succeed(await this.#change(request, () => moveAppointment(this.#sql, request, context)));
  }

  async cancelAppointment(request: ChangeRequest): Promise<Answer<CancelAnswer>> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    const context = { publicUrl: this.#context.publicUrl(), nowMs: this.#context.now() };
    return succeed(await this.#change(request, () => cancelAppointment(this.#sql, request, context)));
  }

  async confirmAppointment(request: ChangeRequest): Promise<Answer<ConfirmAnswer>> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    const context = { publicUrl: this.#context.publicUrl(), nowMs: this.#context.now() };
    return succeed(await this.#change(request, () => confirmAppointment(this.#sql, request, context)));
  }

  /** Appointments that end after `fromMs`, soonest first. */
  list(fromMs: number): Answer<{ appointments: Appointment[] }> {
    const { exists, publicUrl } = this.#context;
    if (!exists()) return fail(faults.unknownBusiness);
    return succeed({ appointments: appointmentsFrom(this.#sql, fromMs, 500, businessId(this.#sql), publicUrl()) });
  }

  // Staff

  async bookForStaff(request: StaffBooking): Promise<Answer<Appointment>> {
    return this.#forStaff((calendar) => bookForStaff(this.#sql, request, calendar));
  }

  async moveForStaff(id: string, request: StaffMove): Promise<Answer<Appointment>> {
    return this.#forStaff((calendar) => moveForStaff(this.#sql, id, request, calendar));
  }

  async cancelForStaff(id: string): Promise<Answer<Appointment>> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    return this.#changeForStaff((context) => cancelForStaff(this.#sql, id, context));
  }

  /** Something of staff's that needs a time: calendars elsewhere are asked first. */
  async #forStaff(
    change: (calendar: StaffContext & { readonly rules: SchedulingRules }) => Answer<Appointment>,
  ): Promise<Answer<Appointment>> {
    const playbook = this.#playbook;
    if (playbook === null) return fail(this.#missing);
    await this.#context.calendars.freshen();
    return this.#changeForStaff((context) => change({ ...context, rules: playbook.scheduling }));
  }

  async #changeForStaff(change: (context: StaffContext) => Answer<Appointment>): Promise<Answer<Appointment>> {
    const { storage, deliveries, calendars } = this.#context;
    const here = this.#circumstances;
    const answer = storage.transactionSync(() => {
      const changed = change({
        ...here,
        tellCrm: (callId, cause) => deliveries.notify(callId, cause, here.nowMs),
      });
      if (changed.ok) deliveries.notifyAppointment(changed.value.id);
      return changed;
    });
    await Promise.all([deliveries.sendDue(), calendars.sendDue()]);
    return answer;
  }

  invitation(id: string): Answer<{ key: string; invitation: Invitation }> {
    if (!this.#context.exists()) return fail(faults.unknownAppointment);
    const business = businessId(this.#sql);
    const found = invitationOf(this.#sql, id, business, activePlaybook(this.#sql)?.business.name ?? business);
    return found === null ? fail(faults.unknownAppointment) : succeed(found);
  }

  /** A change and, where the caller hung up meanwhile, what the CRM must still hear of it. */
  async #change<T extends MoveAnswer | CancelAnswer | ConfirmAnswer>(
    { callId }: ChangeRequest,
    change: () => T,
  ): Promise<T> {
    const { deliveries, calendars, storage, now } = this.#context;
    const { answer, isForCrm } = storage.transactionSync(() => {
      const changed = change();
      const cause = causeOf(changed);
      const isLate = cause !== null && isOver(this.#sql, callId);
      if (isLate) deliveries.notify(callId, cause, now());
      const isOfStaff = 'appointment' in changed && changed.appointment.callId === null;
      if (isOfStaff) deliveries.notifyAppointment(changed.appointment.id);
      return { answer: changed, isForCrm: isLate || isOfStaff };
    });
    await Promise.all([isForCrm ? deliveries.sendDue() : null, calendars.sendDue()]);
    return answer;
  }

  get #circumstances(): Circumstances {
    const { publicUrl, now } = this.#context;
    return { business: businessId(this.#sql), publicUrl: publicUrl(), nowMs: now() };
  }

  get #playbook(): Essentials | null {
    return this.#context.exists() ? activePlaybook(this.#sql) : null;
  }

  /** Why there is no playbook. */
  get #missing(): Fault {
    return this.#context.exists() ? faults.noPlaybook : faults.unknownBusiness;
  }
}
