import { escapeText, quoted, utcTime, writeLines } from './ical-text.ts';

/** What an invitation says. */
export interface Invitation {
  readonly appointmentId: string;
  readonly business: string;
  readonly businessName: string;
  readonly serviceName: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: 'booked' | 'cancelled';
  /** Grows with every change, so that a calendar knows the newer one (RFC 5545 §3.8.7.4). */
  readonly sequence: number;
  readonly changedAtMs: number;
  readonly notes: string | null;
}

/** Who invites whom. Only what is sent to an attendee has both (RFC 5546 §3.2.2). */
export interface Correspondents {
  readonly organizer: { readonly name: string; readonly email: string };
  readonly attendee: { readonly name: string; readonly email: string };
}

/**
 * An invitation to be fetched (RFC 5545), or with correspondents to be sent (RFC 5546). Times are UTC: a single event
 * needs no VTIMEZONE, and means the same instant to every reader.
 */
export function writeInvitation(invitation: Invitation, sent?: Correspondents): string {
  const cancelled = invitation.status === 'cancelled';
  // A calendar that is given a cancellation takes the appointment out (RFC 5546 §3.2.5).
  const method = cancelled ? 'CANCEL' : sent === undefined ? null : 'REQUEST';
  return calendar(method === null ? [] : [`METHOD:${method}`], eventLines(invitation, sent));
}

/** The UID of an appointment: the same in every calendar, whatever becomes of it. */
export const uidOf = ({ appointmentId, business }: Pick<Invitation, 'appointmentId' | 'business'>): string =>
  `${appointmentId}@${business}.parley`;

/** A calendar to subscribe to. Clients that heed it ask again after a quarter of an hour (RFC 7986 §5.7). */
export function writeFeed(name: string, entries: readonly (Invitation & { readonly attendeeName: string })[]): string {
  const header = [
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    'X-PUBLISHED-TTL:PT15M',
  ];
  const events = entries.flatMap((entry) =>
    eventLines(entry, undefined, `${entry.serviceName} - ${entry.attendeeName}`),
  );
  return calendar(header, events);
}

/** One event as a calendar of the business's own keeps it. */
export function writeEntry(entry: Invitation, summary: string): string {
  return calendar([], eventLines(entry, undefined, summary));
}

const calendar = (header: readonly string[], events: readonly string[]): string =>
  writeLines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Parley//Appointments//EN',
    'CALSCALE:GREGORIAN',
    ...header,
    ...events,
    'END:VCALENDAR',
  ]);

function eventLines(invitation: Invitation, sent: Correspondents | undefined, summary?: string): string[] {
  const title = summary ?? `${invitation.serviceName} - ${invitation.businessName}`;
  return [
    'BEGIN:VEVENT',
    `UID:${uidOf(invitation)}`,
    `SEQUENCE:${invitation.sequence}`,
    `DTSTAMP:${utcTime(invitation.changedAtMs)}`,
    `DTSTART:${utcTime(invitation.startMs)}`,
    `DTEND:${utcTime(invitation.endMs)}`,
    `SUMMARY:${escapeText(title)}`,
    ...(invitation.notes === null ? [] : [`DESCRIPTION:${escapeText(invitation.notes)}`]),
    ...(sent === undefined
      ? []
      : [
          `ORGANIZER;CN=${quoted(sent.organizer.name)}:mailto:${sent.organizer.email}`,
          // They have agreed on the telephone: there is nothing left to answer.
          `ATTENDEE;CN=${quoted(sent.attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:${sent.attendee.email}`,
        ]),
    `STATUS:${invitation.status === 'booked' ? 'CONFIRMED' : 'CANCELLED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
  ];
}
