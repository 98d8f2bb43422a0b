import * as v from 'valibot';
import { EmailAddress, PhoneNumber, Slug } from './primitives.ts';

/** A time of the business, `2026-11-30T14:30`, or one that says its offset, `2026-11-30T14:30-07:00`. */
export const StartText = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::00)?(?:Z|[+-]\d{2}:\d{2})?$/,
    'Write the time as 2026-11-30T14:30, which is a time of the business, or with an offset, as 2026-11-30T14:30-07:00.',
  ),
);

const OutsideHours = v.optional(v.boolean('outsideHours is true or false.'), false);

/** `POST /v1/businesses/:business/appointments`: an appointment that staff make. */
export const StaffBooking = v.strictObject({
  /** By id in the playbook. */
  service: Slug,
  at: StartText,
  attendee: v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.nonEmpty('Say for whom it is.'), v.maxLength(120)),
    phone: v.optional(v.message(PhoneNumber, 'Write the number with + and the country, as +13035550123.')),
    email: v.optional(v.message(EmailAddress, 'This is no e-mail address.')),
  }),
  notes: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
  /** Who must do it, by id in the playbook. Absent: whoever is free. */
  staff: v.optional(Slug),
  /** At a time that callers are never offered: when the business is closed, or between the steps. */
  outsideHours: OutsideHours,
  /** Sent again with the same id, the same booking is made once. */
  requestId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
});
export type StaffBooking = v.InferOutput<typeof StaffBooking>;

/** `POST /v1/businesses/:business/appointments/:id/move` */
export const StaffMove = v.strictObject({ at: StartText, outsideHours: OutsideHours });
export type StaffMove = v.InferOutput<typeof StaffMove>;
