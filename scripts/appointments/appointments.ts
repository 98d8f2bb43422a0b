import { DateTime } from 'luxon';
import * as v from 'valibot';
import { Uuid } from '../../contract/primitives.ts';
import { Appointment } from '../../contract/scheduling.ts';
import { askBusiness } from '../call/ask-business.ts';
import { type Layout, printable } from '../call/layout.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const AppointmentList = v.object({ appointments: v.array(Appointment) });

/** What is typed of a booking. The control plane checks it. */
export interface BookingDraft {
  readonly service: string;
  readonly at: string;
  readonly name: string;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly notes?: string | undefined;
  readonly staff?: string | undefined;
  readonly outsideHours: boolean;
  readonly requestId?: string | undefined;
}

/** Those that end after `fromMs`, soonest first. */
export async function fetchAppointments(source: RecordSource, fromMs: number): Promise<Appointment[]> {
  return v.parse(AppointmentList, await askBusiness(source, 'GET', `appointments?fromMs=${fromMs}`)).appointments;
}

export async function book(source: RecordSource, { name, phone, email, ...draft }: BookingDraft): Promise<Appointment> {
  const body = { ...draft, attendee: { name, phone, email } };
  return v.parse(Appointment, await askBusiness(source, 'POST', 'appointments', body));
}

export async function move(
  source: RecordSource,
  id: string,
  to: { at: string; outsideHours: boolean },
): Promise<Appointment> {
  return v.parse(Appointment, await askBusiness(source, 'POST', `appointments/${known(id)}/move`, to));
}

export async function cancel(source: RecordSource, id: string): Promise<Appointment> {
  return v.parse(Appointment, await askBusiness(source, 'POST', `appointments/${known(id)}/cancel`));
}

/** The first moment of a day, or a moment, as it is typed. */
export function timeMs(text: string): number {
  const time = DateTime.fromISO(text);
  if (time.isValid && time.toMillis() >= 0) return time.toMillis();
  throw new SetUpError(`"${text}" is no time. Write it as 2026-11-23 or 2026-11-23T14:00.`);
}

/** One a line, in the business's time, with whom and for whom. Ends with a line break. */
export function formatAppointments(appointments: readonly Appointment[], { paint }: Layout): string {
  return appointments
    .map(({ id, startMs, endMs, timeZone, serviceName, staff, attendee, status, confirmedAtMs }) => {
      const start = DateTime.fromMillis(startMs, { zone: timeZone });
      const until = DateTime.fromMillis(endMs, { zone: timeZone }).toFormat('HH:mm');
      const state = status === 'cancelled' ? 'cancelled' : confirmedAtMs === undefined ? 'booked' : 'confirmed';
      const what = staff === undefined ? serviceName : `${serviceName} with ${staff}`;
      const whom = [attendee.name, attendee.phone, attendee.email].flatMap((value) => value ?? []);
      return [
        id,
        paint(state === 'cancelled' ? 'red' : 'green', state),
        `${start.toFormat('ccc yyyy-MM-dd HH:mm')}-${until} ${timeZone}`,
        printable(what),
        whom.map(printable).join(' '),
      ].join('  ');
    })
    .map((line) => `${line}\n`)
    .join('');
}

function known(id: string): string {
  if (!v.safeParse(Uuid, id).success)
    throw new SetUpError(`"${id}" is no id of an appointment. npm run appointments lists them.`);
  return id;
}
