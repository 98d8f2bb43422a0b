import * as v from 'valibot';
import { Slug } from '../../contract/primitives.ts';
import { CalComCalendar } from './calcom.ts';
import { CalDavCalendar } from './caldav.ts';
import { GoogleCalendar } from './google.ts';
import type { RemoteCalendar } from './remote-calendar.ts';

const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));
const url = v.pipe(v.string(), v.maxLength(2_000), v.url(), v.regex(/^https?:/, 'Write an http: or https: URL.'));
const calendarId = v.pipe(v.string(), v.minLength(1), v.maxLength(300));

const common = {
  /** Whose calendar it is, by id in the playbook. Absent: the business's, whose entries close it for all. */
  staff: v.optional(Slug),
  /** Appointments are written into it, and changes made there are followed. False: only its busy times count. */
  writes: v.optional(v.boolean(), true),
};

/** `PUT /v1/businesses/:business/calendars/:calendar`. Kept sealed. */
export const CalendarSettings = v.variant('kind', [
  v.object({ kind: v.literal('caldav'), ...common, url, username: secret, password: secret }),
  v.object({
    kind: v.literal('google'),
    ...common,
    clientId: secret,
    clientSecret: secret,
    refreshToken: secret,
    calendarId: v.optional(calendarId, 'primary'),
    busyCalendarIds: v.optional(v.pipe(v.array(calendarId), v.maxLength(50)), []),
  }),
  v.object({
    kind: v.literal('calcom'),
    ...common,
    apiKey: secret,
    url: v.optional(url, 'https://api.cal.com'),
    eventTypes: v.record(Slug, v.pipe(v.number(), v.integer())),
  }),
]);
export type CalendarSettings = v.InferOutput<typeof CalendarSettings>;

export function remoteCalendar(
  settings: CalendarSettings,
  context: { readonly business: string; readonly zone: string },
): RemoteCalendar {
  switch (settings.kind) {
    case 'caldav':
      return new CalDavCalendar(settings, context);
    case 'google':
      return new GoogleCalendar(settings, context);
    case 'calcom':
      return new CalComCalendar(settings);
    default:
      return settings satisfies never;
  }
}
