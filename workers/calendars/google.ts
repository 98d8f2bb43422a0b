import * as v from 'valibot';
import type { Slot } from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { ask, parseJson, unexpected, type Reply } from './ask.ts';
import { googleToken, type GoogleCredentials } from './google-token.ts';
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

export interface GoogleAccount extends GoogleCredentials {
  /** `primary`, or an address. */
  readonly calendarId: string;
  /** Other calendars whose busy times count, of which this account may see no more than that. */
  readonly busyCalendarIds: readonly string[];
}

const name = 'Google Calendar';
const api = 'https://www.googleapis.com/calendar/v3';
/** Events that take no time: where somebody works, and birthdays. */
const timeless: ReadonlySet<string> = new Set(['workingLocation', 'birthday']);
const maxPages = 40;

const When = v.object({ dateTime: v.optional(v.string()), date: v.optional(v.string()) });

const Event = v.object({
  id: v.string(),
  status: v.optional(v.string()),
  summary: v.optional(v.string()),
  start: v.optional(When),
  end: v.optional(When),
  transparency: v.optional(v.string()),
  eventType: v.optional(v.string()),
  attendees: v.optional(v.array(v.object({ self: v.optional(v.boolean()), responseStatus: v.optional(v.string()) }))),
  extendedProperties: v.optional(v.object({ private: v.optional(v.record(v.string(), v.string())) })),
});
type Event = v.InferOutput<typeof Event>;

const Events = v.object({
  items: v.optional(v.array(Event), []),
  nextPageToken: v.optional(v.string()),
  nextSyncToken: v.optional(v.string()),
  timeZone: v.optional(v.string()),
});

const FreeBusy = v.object({
  calendars: v.record(
    v.string(),
    v.object({
      busy: v.optional(v.array(v.object({ start: v.string(), end: v.string() })), []),
      errors: v.optional(v.array(v.object({ reason: v.optional(v.string()) }))),
    }),
  ),
});

/** https://developers.google.com/workspace/calendar/api/v3/reference */
export class GoogleCalendar implements RemoteCalendar {
  readonly #account: GoogleAccount;
  readonly #business: string;
  readonly #zone: string;

  constructor(account: GoogleAccount, { business, zone }: { business: string; zone: string }) {
    this.#account = account;
    this.#business = business;
    this.#zone = zone;
  }

  async busy(range: Range): Promise<Busy> {
    const { items } = await this.#list({ ...window(range), singleEvents: 'true', maxResults: '2500' });
    const taking = items.filter((event) => takesTime(event) && this.#appointmentOf(event) === null);
    const unread = taking.filter((event) => slotOf(event, this.#zone) === null);
    return {
      times: [
        ...taking.flatMap((event) => slotOf(event, this.#zone) ?? roughSlotOf(event, this.#zone) ?? []),
        ...(await this.#busyElsewhere(range)),
      ],
      unread: unread.map(({ id, summary }) => `${summary ?? id}: it has no start or no end that can be read.`),
    };
  }

  async put(entry: RemoteEntry, remoteId: string | null): Promise<string> {
    const id = remoteId ?? newIdOf(entry.appointmentId);
    const body = JSON.stringify({ id, ...this.#toEvent(entry) });
    const update = async (): Promise<Reply> => this.#ask('PUT', `/events/${id}?sendUpdates=none`, body);
    const insert = async (): Promise<Reply> => this.#ask('POST', '/events?sendUpdates=none', body);
    let reply = remoteId === null ? await insert() : await update();
    // It was inserted before, and the answer was lost; or it is gone from a calendar that was replaced.
    if (remoteId === null && reply.status === 409) reply = await update();
    else if (remoteId !== null && reply.status === 404) reply = await insert();
    if (reply.status !== 200) throw unexpected(name, 'write an appointment', reply);
    return v.parse(v.object({ id: v.string() }), parseJson(name, reply.text)).id;
  }

  async remove({ appointmentId, remoteId }: Standing): Promise<void> {
    const id = encodeURIComponent(remoteId ?? newIdOf(appointmentId));
    const reply = await this.#ask('DELETE', `/events/${id}?sendUpdates=none`);
    if (![200, 204, 404, 410].includes(reply.status)) throw unexpected(name, 'take an appointment out', reply);
  }

  async changes(cursor: string | null, range: Range): Promise<Changes> {
    // A token stands for the query it came from; of its parameters the times may not be repeated.
    const query = cursor === null ? { timeMin: window(range).timeMin } : { syncToken: cursor };
    const listed = await this.#listed({ ...query, singleEvents: 'true', maxResults: '250' });
    if (listed === null) {
      if (cursor === null) throw new CalendarError(`${name} has forgotten what it was not yet asked.`, false);
      return this.changes(null, range);
    }
    return {
      changes: listed.items.flatMap((event): RemoteChange[] => {
        if (event.status === 'cancelled') return [{ state: 'gone', remoteId: event.id }];
        const slot = slotOf(event, this.#zone);
        const appointmentId = this.#appointmentOf(event);
        return slot === null || appointmentId === null
          ? []
          : [{ state: 'there', remoteId: event.id, appointmentId, ...slot }];
      }),
      cursor: listed.nextSyncToken ?? '',
      isWhole: cursor === null,
    };
  }

  #toEvent({ serviceName, attendee, notes, startMs, endMs, timeZone, appointmentId }: RemoteEntry) {
    return {
      summary: `${serviceName} - ${attendee.name}`,
      description: notes ?? '',
      start: { dateTime: new Date(startMs).toISOString(), timeZone },
      end: { dateTime: new Date(endMs).toISOString(), timeZone },
      // One that was taken out comes back.
      status: 'confirmed',
      transparency: 'opaque',
      extendedProperties: { private: { parleyAppointment: appointmentId, parleyBusiness: this.#business } },
    };
  }

  #appointmentOf({ extendedProperties }: Event): string | null {
    const own = extendedProperties?.private;
    return own?.['parleyBusiness'] === this.#business ? (own['parleyAppointment'] ?? null) : null;
  }

  async #busyElsewhere(range: Range): Promise<Slot[]> {
    const ids = this.#account.busyCalendarIds;
    if (ids.length === 0) return [];
    const body = JSON.stringify({ ...window(range), items: ids.map((id) => ({ id })) });
    const reply = await this.#send('POST', `${api}/freeBusy`, body);
    if (reply.status !== 200) throw unexpected(name, 'tell busy times', reply);
    const { calendars } = v.parse(FreeBusy, parseJson(name, reply.text));
    return Object.entries(calendars).flatMap(([id, { busy, errors = [] }]) => {
      // 200, and yet one of them could not be read: it would seem free.
      if (errors.length > 0) {
        throw new CalendarError(
          `${name} cannot tell the busy times of ${id}: ${errors[0]?.reason ?? 'no reason'}.`,
          true,
        );
      }
      return busy.map(({ start, end }) => ({ startMs: Date.parse(start), endMs: Date.parse(end) }));
    });
  }

  async #list(query: Record<string, string>) {
    const listed = await this.#listed(query);
    if (listed === null) throw new CalendarError(`${name} has forgotten what it was asked.`, false);
    return listed;
  }

  /** All pages; null where the token is no longer good (410). */
  async #listed(query: Record<string, string>): Promise<v.InferOutput<typeof Events> | null> {
    const items: Event[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const search = new URLSearchParams({ ...query, ...(pageToken === undefined ? {} : { pageToken }) });
      const reply = await this.#ask('GET', `/events?${search.toString()}`);
      if (reply.status === 410) return null;
      if (reply.status !== 200) throw unexpected(name, 'list its events', reply);
      const read = v.safeParse(Events, parseJson(name, reply.text));
      if (!read.success) throw new CalendarError(`${name} lists events that cannot be read.`, false);
      items.push(...read.output.items);
      pageToken = read.output.nextPageToken;
      if (pageToken === undefined) return { ...read.output, items };
    }
    throw new CalendarError(`${name} has more than ${maxPages} pages of events.`, true);
  }

  async #ask(method: string, path: string, body?: string): Promise<Reply> {
    return this.#send(method, `${api}/calendars/${encodeURIComponent(this.#account.calendarId)}${path}`, body);
  }

  /** A token may be refused before its time: a new one is tried once. */
  async #send(method: string, url: string, body?: string): Promise<Reply> {
    const attempt = async (renew: boolean): Promise<Reply> =>
      ask(name, {
        method,
        url,
        headers: {
          authorization: `Bearer ${await googleToken(this.#account, { renew })}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
    const reply = await attempt(false);
    return reply.status === 401 ? attempt(true) : reply;
  }
}

const window = ({ fromMs, toMs }: Range) => ({
  timeMin: new Date(fromMs).toISOString(),
  timeMax: new Date(toMs).toISOString(),
});

/** An event of whole days is from midnight to midnight where the business is. */
function slotOf({ start, end }: Event, zone: string): Slot | null {
  const slot = { startMs: msOf(start, zone), endMs: msOf(end, zone) };
  return Number.isFinite(slot.startMs) && Number.isFinite(slot.endMs) ? slot : null;
}

/** An hour from its start, where no more can be told. */
function roughSlotOf({ start }: Event, zone: string): Slot | null {
  const startMs = msOf(start, zone);
  return Number.isFinite(startMs) ? { startMs, endMs: startMs + 3_600_000 } : null;
}

function msOf({ dateTime, date }: v.InferOutput<typeof When> = {}, zone: string): number {
  if (dateTime !== undefined) return Date.parse(dateTime);
  return date === undefined ? Number.NaN : instantOf(date, '00:00', zone);
}

function takesTime({ status, transparency, eventType, attendees }: Event): boolean {
  const declined = attendees?.some(({ self, responseStatus }) => self === true && responseStatus === 'declined');
  return (
    status !== 'cancelled' && transparency !== 'transparent' && declined !== true && !timeless.has(eventType ?? '')
  );
}

/** An id of ours for a new event: the same each time. Google takes letters and digits. */
const newIdOf = (appointmentId: string): string => appointmentId.replaceAll('-', '');
