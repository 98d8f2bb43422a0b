import * as v from 'valibot';
import { EmailAddress, EpochMs, PhoneNumber, ShortText, Slug, TimeZone, Uuid } from './primitives.ts';

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export const Weekday = v.picklist([1, 2, 3, 4, 5, 6, 7]);
export type Weekday = v.InferOutput<typeof Weekday>;

/** A wall-clock time in the business's zone, 24 h, as `09:30`. */
export const LocalTime = v.pipe(v.string(), v.regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/));

/** A calendar date in the business's zone, as `2026-11-23`. */
export const LocalDate = v.pipe(v.string(), v.isoDate());

const OpeningHours = v.object({ days: v.array(Weekday), from: LocalTime, to: LocalTime });

const BufferMin = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(240));

/** Five minutes to two weeks. */
const LeadMin = v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(20_160));

const StaffMember = v.object({
  id: Slug,
  name: ShortText,
  /** Ids of the services they do. Absent: all. */
  services: v.optional(v.array(Slug)),
  /** Narrower than the business's. Absent: the same. */
  openingHours: v.optional(v.array(OpeningHours)),
});

/** When a business sees customers, and what it sees them for. Part of the playbook bundle. */
export const SchedulingRules = v.object({
  timeZone: TimeZone,
  openingHours: v.array(OpeningHours),
  closedOn: v.array(LocalDate),
  /** Longer closures, both dates included. */
  closures: v.optional(v.array(v.object({ from: LocalDate, to: LocalDate }))),
  services: v.array(
    v.object({
      id: Slug,
      /** As it is said: "a free roof inspection". */
      name: ShortText,
      durationMin: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(480)),
      /** Kept free before and after each appointment. */
      bufferMin: BufferMin,
      /** Where the time before differs from `bufferMin`. */
      bufferBeforeMin: v.optional(BufferMin),
      /** Where the time after differs from `bufferMin`. */
      bufferAfterMin: v.optional(BufferMin),
      /** The least time between a booking and its appointment. */
      leadTimeMin: v.pipe(v.number(), v.integer(), v.minValue(0)),
      /** How many may be booked at the same time. */
      capacity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
      /** Start times fall on multiples of this from the opening time. */
      stepMin: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(240)),
      /** How far ahead it can be booked. Default 60. */
      horizonDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365))),
    }),
  ),
  /** Who does it. Without a list, `capacity` alone says how many can be served. */
  staff: v.optional(v.pipe(v.array(StaffMember), v.maxLength(50))),
  /** How long before an appointment its customer is reminded by e-mail, longest first. */
  remindersMin: v.optional(v.pipe(v.array(LeadMin), v.maxLength(5))),
  /** How long before an appointment its customer is called and asked to confirm. */
  confirmationCallMin: v.optional(LeadMin),
});
export type SchedulingRules = v.InferOutput<typeof SchedulingRules>;

/** What the caller asked of a time. All parts optional; dates are in the business's zone. */
export const SlotPreference = v.object({
  fromDate: v.optional(LocalDate),
  toDate: v.optional(LocalDate),
  days: v.optional(v.array(Weekday)),
  notDays: v.optional(v.array(Weekday)),
  notBefore: v.optional(LocalTime),
  notAfter: v.optional(LocalTime),
});
export type SlotPreference = v.InferOutput<typeof SlotPreference>;

export const Slot = v.object({ startMs: EpochMs, endMs: EpochMs });
export type Slot = v.InferOutput<typeof Slot>;

/** `POST /v1/node/slots`, media node to control plane. */
export const SlotQuery = v.object({
  business: Slug,
  callId: Uuid,
  service: Slug,
  preference: SlotPreference,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
  /** The appointment that is to be moved: its own time counts as free. */
  movingAppointmentId: v.optional(Uuid),
});
export type SlotQuery = v.InferOutput<typeof SlotQuery>;

export const SlotAnswer = v.object({
  slots: v.array(Slot),
  /** Why what is free may be out of date: a calendar elsewhere could not be asked. */
  degraded: v.optional(ShortText),
});
export type SlotAnswer = v.InferOutput<typeof SlotAnswer>;

/** `POST /v1/node/holds`: keeps a time for one call while its details are asked for. */
export const HoldRequest = v.object({
  business: Slug,
  callId: Uuid,
  service: Slug,
  startMs: EpochMs,
  /** The appointment that is to be moved: its own time counts as free. */
  movingAppointmentId: v.optional(Uuid),
});
export type HoldRequest = v.InferOutput<typeof HoldRequest>;

const refusals = ['in-the-past', 'too-soon', 'outside-hours', 'unknown-service', 'not-on-step'] as const;

/** What became of a hold. A call has one: a new one ends the one before. */
export const HoldAnswer = v.variant('status', [
  v.object({ status: v.literal('held'), untilMs: EpochMs }),
  v.object({ status: v.literal('taken'), alternatives: v.array(Slot) }),
  v.object({ status: v.literal('refused'), reason: v.picklist(refusals), message: v.string() }),
]);
export type HoldAnswer = v.InferOutput<typeof HoldAnswer>;

export const Attendee = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  phone: v.optional(PhoneNumber),
  email: v.optional(EmailAddress),
});
export type Attendee = v.InferOutput<typeof Attendee>;

/** `POST /v1/node/bookings`. The same `callId` and `requestId` again answer what the first answered. */
export const BookingRequest = v.object({
  business: Slug,
  callId: Uuid,
  requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  service: Slug,
  startMs: EpochMs,
  attendee: Attendee,
  notes: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
});
export type BookingRequest = v.InferOutput<typeof BookingRequest>;

export const Appointment = v.object({
  id: Uuid,
  callId: v.nullable(Uuid),
  service: Slug,
  serviceName: ShortText,
  startMs: EpochMs,
  endMs: EpochMs,
  timeZone: TimeZone,
  attendee: Attendee,
  status: v.picklist(['booked', 'cancelled']),
  /** Who does it, by id in the playbook. */
  staff: v.optional(Slug),
  /** When the customer last said that they will be there. */
  confirmedAtMs: v.optional(EpochMs),
  /** Where the invitation can be fetched, as `text/calendar` (RFC 5545). */
  icsUrl: v.string(),
});
export type Appointment = v.InferOutput<typeof Appointment>;

/** What became of a booking. `taken` is an expected answer, with other slots beside it. */
export const BookingAnswer = v.variant('status', [
  v.object({ status: v.literal('booked'), appointment: Appointment }),
  v.object({ status: v.literal('taken'), alternatives: v.array(Slot) }),
  v.object({
    status: v.literal('refused'),
    reason: v.picklist(refusals),
    message: v.string(),
  }),
]);
export type BookingAnswer = v.InferOutput<typeof BookingAnswer>;

/** How somebody says which appointment is theirs. A name alone opens nothing: it only narrows. */
export const AppointmentKey = v.pipe(
  v.object({
    phone: v.optional(PhoneNumber),
    email: v.optional(EmailAddress),
    name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(120))),
  }),
  v.check(
    ({ phone, email }) => phone !== undefined || email !== undefined,
    'Give the phone number or the e-mail address it was booked with.',
  ),
);
export type AppointmentKey = v.InferOutput<typeof AppointmentKey>;

/** `POST /v1/node/appointments/find`: what is booked and still to come, soonest first. */
export const AppointmentQuery = v.object({ business: Slug, callId: Uuid, by: AppointmentKey });
export type AppointmentQuery = v.InferOutput<typeof AppointmentQuery>;

/** At most five; more are of no use on a call. */
export const AppointmentsFound = v.object({ appointments: v.array(Appointment) });
export type AppointmentsFound = v.InferOutput<typeof AppointmentsFound>;

const change = {
  business: Slug,
  callId: Uuid,
  requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  appointmentId: Uuid,
};

/** `POST /v1/node/appointments/move`. The same `callId` and `requestId` again answer what the first answered. */
export const MoveRequest = v.object({ ...change, startMs: EpochMs });
export type MoveRequest = v.InferOutput<typeof MoveRequest>;

/** `POST /v1/node/appointments/cancel`, and `…/confirm`. Repeats are answered as the first was. */
export const ChangeRequest = v.object(change);
export type ChangeRequest = v.InferOutput<typeof ChangeRequest>;

/** Why an appointment cannot be changed. */
const unchangeable = v.object({
  status: v.literal('refused'),
  reason: v.picklist(['unknown-appointment', 'cancelled', 'in-the-past']),
  message: v.string(),
});

/** What became of a move. What is not `moved` leaves the appointment as it was. */
export const MoveAnswer = v.variant('status', [
  v.object({ status: v.literal('moved'), appointment: Appointment, fromMs: EpochMs }),
  v.object({ status: v.literal('taken'), alternatives: v.array(Slot) }),
  v.object({
    status: v.literal('refused'),
    reason: v.picklist([...refusals, 'unknown-appointment', 'cancelled']),
    message: v.string(),
  }),
]);
export type MoveAnswer = v.InferOutput<typeof MoveAnswer>;

export const CancelAnswer = v.variant('status', [
  v.object({ status: v.literal('cancelled'), appointment: Appointment }),
  unchangeable,
]);
export type CancelAnswer = v.InferOutput<typeof CancelAnswer>;

export const ConfirmAnswer = v.variant('status', [
  v.object({ status: v.literal('confirmed'), appointment: Appointment }),
  unchangeable,
]);
export type ConfirmAnswer = v.InferOutput<typeof ConfirmAnswer>;
