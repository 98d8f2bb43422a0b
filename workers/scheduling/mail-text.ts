import { DateTime } from 'luxon';

/** What a mail about an appointment is for. */
export type MailOccasion = 'booked' | 'moved' | 'cancelled' | 'reminder';

export interface MailFacts {
  readonly occasion: MailOccasion;
  readonly attendeeName: string;
  readonly businessName: string;
  /** As it is said: "a free roof inspection". */
  readonly serviceName: string;
  readonly startMs: number;
  readonly timeZone: string;
  readonly locale: string;
  /** Who comes, or whom they will see. */
  readonly staffName: string | null;
  readonly phone: string | null;
}

/** The hour that comes twice is told apart by the zone's abbreviation, so it is always there. */
export function whenText({ startMs, timeZone, locale }: Pick<MailFacts, 'startMs' | 'timeZone' | 'locale'>): string {
  const start = DateTime.fromMillis(startMs, { zone: timeZone, locale });
  return `${start.toLocaleString(DateTime.DATE_HUGE)}, ${start.toLocaleString(DateTime.TIME_SIMPLE)} ${start.offsetNameShort ?? timeZone}`;
}

const subjects: Readonly<Record<MailOccasion, string>> = {
  booked: 'Your appointment with',
  moved: 'New time for your appointment with',
  cancelled: 'Your appointment was cancelled:',
  reminder: 'Reminder: your appointment with',
};

const openings: Readonly<Record<MailOccasion, string>> = {
  booked: 'your appointment is booked.',
  moved: 'your appointment has a new time.',
  cancelled: 'your appointment was cancelled.',
  reminder: 'this is a reminder of your appointment.',
};

/** A short mail that says who, what and when. */
export function mailText(facts: MailFacts): { subject: string; text: string } {
  const { occasion, attendeeName, businessName, serviceName, staffName, phone } = facts;
  const change = occasion === 'cancelled' ? 'To book another time' : 'To move or cancel it';
  const lines = [
    `Hello ${attendeeName},`,
    '',
    openings[occasion],
    '',
    `What: ${serviceName}`,
    `When: ${whenText(facts)}`,
    ...(staffName === null ? [] : [`With: ${staffName}`]),
    '',
    phone === null ? `${change}, call us.` : `${change}, call us: ${phone}`,
    '',
    businessName,
    '',
  ];
  return { subject: `${subjects[occasion]} ${businessName}`.slice(0, 200), text: lines.join('\n') };
}
