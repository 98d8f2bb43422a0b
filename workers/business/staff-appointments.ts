import type { Appointment, SchedulingRules, Slot } from '../../contract/scheduling.ts';
import type { StaffBooking, StaffMove } from '../../contract/staff-appointment.ts';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import { indexed } from '../privacy/vault.ts';
import { admitBooking, type Admission, type StaffWish } from '../scheduling/admit.ts';
import { readStart, writeStart } from '../scheduling/read-start.ts';
import { changeable, moveRow } from './appointment-changes.ts';
import { appointmentRow, type AppointmentRow } from './appointment-rows.ts';
import { addAppointment, cancelRow, toAppointment } from './appointments.ts';
import * as faults from './faults.ts';
import type { CrmCause } from './projection.ts';
import { takenTimes } from './taken-times.ts';

const dayMs = 86_400_000;

/** Staff may book further ahead than callers; beyond this the year is a slip. */
const maxDaysAhead = 730;

export interface StaffContext {
  readonly business: string;
  readonly publicUrl: string;
  readonly nowMs: number;
  /** The CRM has the appointments of a call with the call. */
  readonly tellCrm: (callId: string, cause: CrmCause) => void;
}

interface Calendar extends StaffContext {
  readonly rules: SchedulingRules;
}

/**
 * Books for somebody who asked staff, not the agent. Rules, capacity and all that follows are those of a caller's booking.
 * Like it, this runs in a transaction of the only writer.
 */
export function bookForStaff(sql: SqlStorage, request: StaffBooking, calendar: Calendar): Answer<Appointment> {
  const { service, attendee, notes = null, requestId, outsideHours } = request;
  const id = requestId === undefined ? crypto.randomUUID() : idOf(sql, requestId);
  const known = appointmentRow(sql, id);
  const start = startOf(request.at, calendar);
  if (!start.ok) return start;
  if (known !== undefined) return isSame(known, request, start.value) ? give(known, calendar) : fail(otherRequest);
  const staff = staffOf(request, calendar.rules);
  if (!staff.ok) return staff;
  const wish = { staff: staff.value, outsideHours };
  const admission = admit(sql, { serviceId: service, startMs: start.value, wish }, calendar);
  if (admission.status !== 'free') return fail(refusal(admission, request.staff ?? null, calendar.rules));
  const row = { id, callId: null, attendee, notes, timeZone: calendar.rules.timeZone };
  return give(addAppointment(sql, row, admission, calendar.nowMs), calendar);
}

/** Moving it to where it stands changes nothing, so the same request may come twice. */
export function moveForStaff(
  sql: SqlStorage,
  id: string,
  { at, outsideHours }: StaffMove,
  calendar: Calendar,
): Answer<Appointment> {
  const { rules, nowMs } = calendar;
  const start = startOf(at, calendar);
  if (!start.ok) return start;
  const found = changeable(sql, id, nowMs);
  if (!('id' in found)) return fail(unchangeable(found));
  if (found.start_ms === start.value) return give(found, calendar);
  const wish = { staff: null, outsideHours };
  const check = { serviceId: found.service, startMs: start.value, wish, moving: found };
  const admission = admit(sql, check, calendar);
  if (admission.status !== 'free') return fail(refusal(admission, null, rules));
  const moved = moveRow(sql, found, admission, rules.timeZone, nowMs);
  tellCallOf(moved, calendar);
  return give(moved, calendar);
}

/** What is cancelled already stays so. */
export function cancelForStaff(sql: SqlStorage, id: string, context: StaffContext): Answer<Appointment> {
  const found = changeable(sql, id, context.nowMs);
  if ('id' in found) cancelRow(sql, id, context.nowMs);
  else if (found.reason !== 'cancelled') return fail(unchangeable(found));
  const row = appointmentRow(sql, id);
  if (row === undefined) return fail(faults.noAppointment);
  if ('id' in found) tellCallOf(row, context);
  return give(row, context);
}

/** A change has a sequence of its own, so it is told though it was moved to that time before. */
function tellCallOf({ id, call_id: callId, sequence }: AppointmentRow, { tellCrm }: StaffContext): void {
  if (callId !== null) tellCrm(callId, { type: 'lead.updated', cause: `staff ${id} ${sequence}` });
}

const give = (row: AppointmentRow, { business, publicUrl }: StaffContext): Answer<Appointment> =>
  succeed(toAppointment(row, business, publicUrl));

interface Check {
  readonly serviceId: string;
  readonly startMs: number;
  readonly wish: StaffWish;
  readonly moving?: AppointmentRow;
}

/** Holds of callers count as taken: whoever is on the line was just offered that time. */
function admit(sql: SqlStorage, { serviceId, startMs, wish, moving }: Check, { rules, nowMs }: Calendar): Admission {
  const taken = takenTimes(sql, { fromMs: nowMs, nowMs, callId: '', butNot: moving?.id });
  return admitBooking({ rules, serviceId, startMs, taken, nowMs, staff: moving?.staff ?? null, byStaff: wish });
}

/** The id of the appointment that a request makes, so that it makes one. Nobody else can know it. */
function idOf(sql: SqlStorage, requestId: string): string {
  const digest = indexed(sql, `staff booking ${requestId}`).replace(/^h1\./, '');
  const hex = Uint8Array.fromBase64(digest, { alphabet: 'base64url' }).toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What was moved since was booked for another time. */
const isSame = (row: AppointmentRow, { service, attendee }: StaffBooking, startMs: number): boolean =>
  row.service === service &&
  (row.start_ms === startMs || row.sequence > 0) &&
  row.attendee.name === attendee.name &&
  row.attendee.phone === attendee.phone &&
  row.attendee.email === attendee.email;

function staffOf({ staff, service }: StaffBooking, rules: SchedulingRules): Answer<string | null> {
  if (staff === undefined) return succeed(null);
  const person = rules.staff?.find(({ id }) => id === staff);
  if (person === undefined) {
    if (rules.staff === undefined)
      return fail({ ...faults.unknownStaff, message: 'The playbook names no staff.', action: 'Leave out staff.' });
    const known = rules.staff.map(({ id }) => id).join(', ');
    return fail({
      ...faults.unknownStaff,
      message: `The playbook has no '${staff}' among its staff. Known: ${known}.`,
    });
  }
  const isKnown = rules.services.some(({ id }) => id === service);
  if (!isKnown || (person.services?.includes(service) ?? true)) return succeed(staff);
  return fail({
    ...faults.unknownStaff,
    message: `${person.name} does not do '${service}'.`,
    action: 'Name somebody else, or leave out staff.',
  });
}

/** The instant that is meant, or what to choose from. */
function startOf(text: string, { rules: { timeZone }, nowMs }: Calendar): Answer<number> {
  const start = readStart(text, timeZone);
  const choose = (message: string, instants: readonly number[]): Answer<never> => {
    const choices = instants.map((ms) => writeStart(ms, timeZone));
    return fail({ ...badTime(message), action: `Send ${choices.join(' or ')}.`, choices });
  };
  switch (start.kind) {
    case 'instant':
      return start.startMs <= nowMs + maxDaysAhead * dayMs
        ? succeed(start.startMs)
        : fail({
            ...badTime(`${text} is more than ${maxDaysAhead} days ahead.`),
            action: 'See whether the year is right.',
          });
    case 'skipped':
      return choose(`Clocks go on and skip ${text} in ${timeZone}.`, [start.nextMs]);
    case 'repeated':
      return choose(`Clocks go back and show ${text} twice in ${timeZone}.`, [start.firstMs, start.secondMs]);
    case 'no-time':
      return fail({ ...badTime(`There is no ${text}.`), action: 'Correct the day, the time or the offset.' });
    default:
      return start satisfies never;
  }
}

const badTime = (message: string) => ({ status: 422, code: 'bad-request', message, field: 'at' }) as const;

const conflict = (message: string, action: string) => ({ status: 409, code: 'conflict', message, action }) as const;

const otherRequest: Fault = {
  ...conflict('Another appointment was made with this requestId.', 'Send a new requestId with a new booking.'),
  field: 'requestId',
};

function refusal(
  admission: Exclude<Admission, { status: 'free' }>,
  staff: string | null,
  { timeZone, staff: people }: SchedulingRules,
): Fault {
  if (admission.status === 'taken') {
    const who = people?.find(({ id }) => id === staff)?.name;
    const message = who === undefined ? 'That time is taken.' : `${who} is not free then: taken, or not at work.`;
    const choices = admission.alternatives.map(({ startMs }: Slot) => writeStart(startMs, timeZone));
    const action = choices.length === 0 ? 'Choose another day.' : `Choose another, as ${choices.join(' or ')}.`;
    return { ...conflict(message, action), field: 'at', choices };
  }
  const { reason, message } = admission;
  switch (reason) {
    case 'unknown-service':
      return { ...faults.unknownService, message };
    case 'in-the-past':
    case 'too-soon':
      return { ...badTime(message), action: 'Choose a later time.' };
    case 'outside-hours':
    case 'not-on-step':
      return {
        ...badTime(message),
        action: 'Choose another time, or book it all the same with "outsideHours": true (--outside-hours).',
      };
    default:
      return reason satisfies never;
  }
}

function unchangeable({ reason, message }: Exclude<ReturnType<typeof changeable>, AppointmentRow>): Fault {
  return reason === 'unknown-appointment'
    ? faults.noAppointment
    : conflict(message, 'Book a new one where one is wanted.');
}
