import * as v from 'valibot';
import type { Slot } from '../../contract/scheduling.ts';
import { ask, parseJson, unexpected, type Reply } from './ask.ts';
import {
  CalendarError,
  type Busy,
  type Changes,
  type Range,
  type RemoteCalendar,
  type RemoteChange,
  type RemoteEntry,
  type Standing,
} from './remote-calendar.ts';

export interface CalComAccount {
  readonly apiKey: string;
  /** `https://api.cal.com`, or that of an own installation. */
  readonly url: string;
  /** Ids of event types over there, by the id of the service. */
  readonly eventTypes: Readonly<Record<string, number>>;
}

const name = 'Cal.com';
const version = '2024-08-13';
const pageSize = 100;
const maxPages = 40;

const Booking = v.object({
  uid: v.string(),
  status: v.string(),
  start: v.string(),
  end: v.string(),
  updatedAt: v.nullish(v.string()),
  metadata: v.nullish(v.record(v.string(), v.unknown())),
  rescheduledFromUid: v.nullish(v.string()),
  rescheduledToUid: v.nullish(v.string()),
});
type Booking = v.InferOutput<typeof Booking>;

const BookingAnswer = v.object({ status: v.literal('success'), data: Booking });
const BookingsAnswer = v.object({
  status: v.literal('success'),
  data: v.array(v.unknown()),
  pagination: v.object({ hasNextPage: v.boolean() }),
});

/** https://cal.com/docs/api-reference/v2: bookings, as other people's calendars show them. */
export class CalComCalendar implements RemoteCalendar {
  readonly #account: CalComAccount;

  constructor(account: CalComAccount) {
    this.#account = account;
  }

  async busy(range: Range): Promise<Busy> {
    const bookings = await this.#list({
      status: 'upcoming',
      afterStart: new Date(range.fromMs).toISOString(),
      beforeEnd: new Date(range.toMs).toISOString(),
    });
    const times = bookings
      .filter((booking) => appointmentOf(booking) === null && isOn(booking))
      .map(({ start, end }) => ({ startMs: Date.parse(start), endMs: Date.parse(end) }));
    return { times, unread: [] };
  }

  async put(entry: RemoteEntry, remoteId: string | null): Promise<string> {
    const eventTypeId = this.#account.eventTypes[entry.service];
    if (eventTypeId === undefined) {
      throw new CalendarError(
        `${name} has no event type for the service '${entry.service}'. Add it to eventTypes and connect again.`,
        true,
      );
    }
    const start = new Date(entry.startMs).toISOString();
    // An answer may have been lost: what is there already is not made twice.
    const [standing] = await this.#standing(entry.appointmentId, entry);
    if (standing !== undefined) return standing.uid;
    if (remoteId !== null && (await this.#isOn(remoteId))) {
      return this.#booked('reschedule a booking', `/v2/bookings/${encodeURIComponent(remoteId)}/reschedule`, {
        start,
        reschedulingReason: 'Moved on the telephone',
      });
    }
    const { name: attendeeName, email, phone } = entry.attendee;
    return this.#booked('make a booking', '/v2/bookings', {
      start,
      eventTypeId,
      attendee: {
        name: attendeeName,
        timeZone: entry.timeZone,
        ...(email === undefined ? {} : { email }),
        ...(phone === undefined ? {} : { phoneNumber: phone }),
      },
      metadata: { parleyAppointment: entry.appointmentId },
    });
  }

  async remove({ appointmentId, remoteId, times }: Standing): Promise<void> {
    const uids = new Set(remoteId === null ? [] : [remoteId]);
    // A booking, or a move that gives it another id, whose answer was lost.
    for (const time of times) for (const { uid } of await this.#standing(appointmentId, time)) uids.add(uid);
    for (const uid of uids) await this.#cancel(uid);
  }

  async #cancel(remoteId: string): Promise<void> {
    if (!(await this.#isOn(remoteId))) return;
    const path = `/v2/bookings/${encodeURIComponent(remoteId)}/cancel`;
    const reply = await this.#ask('POST', path, { cancellationReason: 'Cancelled on the telephone' });
    if (reply.status !== 200 && reply.status !== 404) throw unexpected(name, 'cancel a booking', reply);
  }

  async changes(cursor: string | null, range: Range): Promise<Changes> {
    const query = cursor === null ? { afterStart: iso(range.fromMs) } : { afterUpdatedAt: cursor };
    const bookings = await this.#list(query);
    const changes = bookings.flatMap((booking): RemoteChange[] => {
      if (isOn(booking)) {
        const { uid, start, end, rescheduledFromUid } = booking;
        return [
          {
            state: 'there',
            remoteId: uid,
            appointmentId: appointmentOf(booking),
            ...(typeof rescheduledFromUid === 'string' ? { formerId: rescheduledFromUid } : {}),
            startMs: Date.parse(start),
            endMs: Date.parse(end),
          },
        ];
      }
      // The booking it was moved to says where it is now.
      return typeof booking.rescheduledToUid === 'string' ? [] : [{ state: 'gone', remoteId: booking.uid }];
    });
    const latest = bookings.reduce(
      (max, { updatedAt }) => (typeof updatedAt === 'string' && updatedAt > max ? updatedAt : max),
      cursor ?? '',
    );
    return { changes, cursor: latest === '' ? iso(range.fromMs) : latest, isWhole: false };
  }

  async #booked(what: string, path: string, body: unknown): Promise<string> {
    const reply = await this.#ask('POST', path, body);
    const read = v.safeParse(BookingAnswer, parseJson(name, reply.text));
    if (reply.status === 201 && read.success) return read.output.data.uid;
    throw unexpected(name, what, reply);
  }

  /** The bookings of an appointment at a time; there should be one at most. */
  async #standing(appointmentId: string, { startMs, endMs }: Slot): Promise<Booking[]> {
    const bookings = await this.#list({ afterStart: iso(startMs), beforeEnd: iso(endMs) });
    return bookings.filter(
      (booking) => isOn(booking) && appointmentOf(booking) === appointmentId && Date.parse(booking.start) === startMs,
    );
  }

  async #isOn(uid: string): Promise<boolean> {
    const reply = await this.#ask('GET', `/v2/bookings/${encodeURIComponent(uid)}`);
    if (reply.status === 404) return false;
    const read = v.safeParse(BookingAnswer, parseJson(name, reply.text));
    if (reply.status !== 200 || !read.success) throw unexpected(name, 'show a booking', reply);
    return isOn(read.output.data);
  }

  async #list(query: Record<string, string>): Promise<Booking[]> {
    const bookings: Booking[] = [];
    for (let page = 0; page < maxPages; page += 1) {
      const search = new URLSearchParams({ ...query, take: String(pageSize), skip: String(page * pageSize) });
      const reply = await this.#ask('GET', `/v2/bookings?${search.toString()}`);
      const read = v.safeParse(BookingsAnswer, parseJson(name, reply.text));
      if (reply.status !== 200 || !read.success) throw unexpected(name, 'list its bookings', reply);
      // Of bookings with many seats or recurrences some fields differ; what has no time takes none.
      bookings.push(...read.output.data.flatMap((each) => (v.is(Booking, each) ? [each] : [])));
      if (!read.output.pagination.hasNextPage) return bookings;
    }
    throw new CalendarError(`${name} has more than ${maxPages} pages of bookings.`, true);
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply> {
    return ask(name, {
      method,
      url: `${this.#account.url.replace(/\/+$/, '')}${path}`,
      headers: {
        authorization: `Bearer ${this.#account.apiKey}`,
        'cal-api-version': version,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

const iso = (instantMs: number): string => new Date(instantMs).toISOString();

const isOn = ({ status }: Booking): boolean => status === 'accepted' || status === 'pending';

function appointmentOf({ metadata }: Booking): string | null {
  const id = metadata?.['parleyAppointment'];
  return typeof id === 'string' ? id : null;
}
