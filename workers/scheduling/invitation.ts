import { DateTime } from 'luxon';

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

const maxLineBytes = 75;

/** An iCalendar object (RFC 5545). Times are UTC: a single event needs no VTIMEZONE. */
export function writeInvitation(invitation: Invitation): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Parley//Appointments//EN',
    'CALSCALE:GREGORIAN',
    // A calendar that is given this again takes the appointment out (RFC 5546 §3.2.5).
    ...(invitation.status === 'cancelled' ? ['METHOD:CANCEL'] : []),
    'BEGIN:VEVENT',
    `UID:${invitation.appointmentId}@${invitation.business}.parley`,
    `SEQUENCE:${invitation.sequence}`,
    `DTSTAMP:${utc(invitation.changedAtMs)}`,
    `DTSTART:${utc(invitation.startMs)}`,
    `DTEND:${utc(invitation.endMs)}`,
    `SUMMARY:${escapeText(`${invitation.serviceName} - ${invitation.businessName}`)}`,
    ...(invitation.notes === null ? [] : [`DESCRIPTION:${escapeText(invitation.notes)}`]),
    `STATUS:${invitation.status === 'booked' ? 'CONFIRMED' : 'CANCELLED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

const utc = (instantMs: number): string =>
  DateTime.fromMillis(instantMs, { zone: 'utc' }).toFormat("yyyyMMdd'T'HHmmss'Z'");

/** RFC 5545 §3.3.11. Other control characters are not allowed in text. */
function escapeText(text: string): string {
  return (
    text
      .replace(/[\\;,]/g, '\\$&')
      .replace(/\r\n|\r|\n/g, '\\n')
      // oxlint-disable-next-line no-control-regex -- they are what is to be removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
  );
}

/** RFC 5545 §3.1: at most 75 octets a line, and never a cut inside a character. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let bytes = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > maxLineBytes) {
      folded += '\r\n ';
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return folded;
}
