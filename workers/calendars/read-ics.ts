import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import type { Range } from './remote-calendar.ts';

/** One time an event takes place. */
export interface Occurrence {
  readonly uid: string;
  readonly startMs: number;
  readonly endMs: number;
  /** False where it is marked as free, or cancelled. */
  readonly isBusy: boolean;
}

export interface ReadCalendar {
  readonly occurrences: readonly Occurrence[];
  /** What is wrong with events that could not be read, in words. They count as busy for as long as they seem to last. */
  readonly faults: readonly string[];
}

/** A rule is followed so far; one that repeats every second would never end. */
const maxSteps = 50_000;
const maxOccurrences = 10_000;
const maxFaultLength = 300;

/** More than any clock is off. */
const nearMs = 2 * 86_400_000;

/**
 * The events of an iCalendar object (RFC 5545) that touch the range, each recurrence by itself. What has no zone is in
 * `zone`. An event that cannot be read is told, and the others are read all the same.
 */
export function readIcs(text: string, range: Range, zone: string): ReadCalendar {
  const occurrences: Occurrence[] = [];
  const faults: string[] = [];
  const keep = (found: readonly Occurrence[]): void => {
    occurrences.push(...found.slice(0, maxOccurrences - occurrences.length));
  };
  const noteFault = (error: unknown, faulty: string): void => {
    faults.push(
      `${nameOf(faulty)}: ${error instanceof Error ? error.message : String(error)}`.slice(0, maxFaultLength),
    );
    keep(roughTimesOf(faulty, range, zone));
  };
  let calendars: ICAL.Component[] = [];
  try {
    calendars = calendarsOf(text);
  } catch (error) {
    noteFault(error, text);
  }
  for (const calendar of calendars) {
    const events = calendar.getAllSubcomponents('vevent');
    const exceptions = events.filter((event) => event.hasProperty('recurrence-id'));
    for (const event of events) {
      if (exceptions.includes(event) && events.some((other) => isMasterOf(other, event))) continue;
      const own = exceptions.filter((exception) => exception !== event && isMasterOf(event, exception));
      try {
        keep(occurrencesOf(event, own, range, zone));
      } catch (error) {
        noteFault(error, [event, ...own].join('\r\n'));
      }
    }
  }
  return { occurrences, faults };
}

/** Some programs write a date where a time is due, without saying that it is one. */
const untypedDate =
  /^((?:DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)(?:;(?!VALUE=)[^:\r\n]*)?):(\d{8}(?:,\d{8})*)(?=\r?$)/gm;

function calendarsOf(text: string): ICAL.Component[] {
  const parsed: unknown = ICAL.parse(text.replace(untypedDate, '$1;VALUE=DATE:$2'));
  if (!Array.isArray(parsed)) return [];
  // More than one object in a file comes as a list of them.
  const roots: unknown[] = Array.isArray(parsed[0]) ? parsed : [parsed];
  return roots.flatMap((root) => (Array.isArray(root) ? [new ICAL.Component(root)] : []));
}

const linesOf = (text: string): string[] => text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);

/** What its owner knows a faulty event by. */
function nameOf(faulty: string): string {
  const line =
    linesOf(faulty).find((one) => /^SUMMARY[;:]/i.test(one)) ?? linesOf(faulty).find((one) => /^UID[;:]/i.test(one));
  return (
    line
      ?.slice(line.indexOf(':') + 1)
      .trim()
      .slice(0, 100) || 'An event without a name'
  );
}

/** The lines of an event that say what time it takes. */
const timeLine = /^(?:UID|DTSTART|DTEND|DURATION|TRANSP|STATUS)[;:]/i;

/** What can be told of faulty events: from when each is, and for how long, an hour where that cannot be told. Without repetitions. */
function roughTimesOf(faulty: string, range: Range, zone: string): Occurrence[] {
  const events = linesOf(faulty)
    .join('\r\n')
    .split(/^BEGIN:VEVENT\s*$/im)
    .slice(1);
  return events.flatMap((event) => {
    // What is inside of it, as an alarm, has times of its own.
    const [own = ''] = event.split(/^(?:BEGIN|END):/im, 1);
    const lines = own.split(/\r?\n/).filter((line) => timeLine.test(line));
    const begin = lines.filter((line) => !/^(?:DTEND|DURATION)/i.test(line));
    const isDay = begin.some((line) => /^DTSTART.*:\d{8}$/i.test(line));
    return timesOf(lines, range, zone) ?? timesOf(isDay ? begin : [...begin, 'DURATION:PT1H'], range, zone) ?? [];
  });
}

function timesOf(lines: readonly string[], range: Range, zone: string): Occurrence[] | null {
  try {
    const [calendar] = calendarsOf(
      ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'),
    );
    const event = calendar?.getFirstSubcomponent('vevent');
    return event ? occurrencesOf(event, [], range, zone) : null;
  } catch {
    return null;
  }
}

const uidOf = (event: ICAL.Component): string => String(event.getFirstPropertyValue('uid') ?? '');

const isMasterOf = (master: ICAL.Component, exception: ICAL.Component): boolean =>
  !master.hasProperty('recurrence-id') && uidOf(master) === uidOf(exception);

function occurrencesOf(
  component: ICAL.Component,
  exceptions: ICAL.Component[],
  { fromMs, toMs }: Range,
  zone: string,
): Occurrence[] {
  if (!component.hasProperty('dtstart')) throw new Error('It has no DTSTART.');
  const event = new ICAL.Event(component, { exceptions, strictExceptions: false });
  const found: Occurrence[] = [];
  const add = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time): void => {
    const startMs = instantOf(start, zone);
    const endMs = Math.max(instantOf(end, zone), startMs);
    if (startMs < toMs && endMs > fromMs) {
      found.push({ uid: uidOf(component), startMs, endMs, isBusy: isBusy(item.component) });
    }
  };
  if (!event.isRecurring()) {
    add(event, event.startDate, event.endDate);
    return found;
  }
  const durationMs = Math.max(instantOf(event.endDate, zone) - instantOf(event.startDate, zone), 0);
  const busy = isBusy(component);
  const iterator = event.iterator();
  for (let step = 0; step < maxSteps && found.length < maxOccurrences; step += 1) {
    const next = iterator.next();
    if (next === undefined || next === null) break;
    // Exact times cost far more than days, and most days are long past.
    const aboutMs = Date.UTC(next.year, next.month - 1, next.day);
    if (aboutMs > toMs + nearMs) break;
    if (aboutMs < fromMs - durationMs - nearMs && exceptions.length === 0) continue;
    if (exceptions.length > 0) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      add(item, startDate, endDate);
      continue;
    }
    const startMs = instantOf(next, zone);
    const endMs = startMs + durationMs;
    if (startMs < toMs && endMs > fromMs) found.push({ uid: uidOf(component), startMs, endMs, isBusy: busy });
  }
  return found;
}

function isBusy(component: ICAL.Component): boolean {
  const value = (name: string): string => String(component.getFirstPropertyValue(name) ?? '').toUpperCase();
  return value('transp') !== 'TRANSPARENT' && value('status') !== 'CANCELLED';
}

/**
 * A zone that has an IANA name goes by the rules we know, whatever rules came with it. Others go by those that came;
 * a time without any is in `zone`.
 */
function instantOf(time: ICAL.Time, zone: string): number {
  const { year, month, day, hour, minute, second } = time;
  const wall = { year, month, day, hour: time.isDate ? 0 : hour, minute: time.isDate ? 0 : minute };
  const at = (name: string): number =>
    DateTime.fromObject({ ...wall, second: time.isDate ? 0 : second }, { zone: name }).toMillis();
  const name = time.zone?.tzid ?? 'floating';
  if (time.isDate || name === 'floating') return known(at(zone));
  if (time.zone === ICAL.Timezone.utcTimezone) return known(at('utc'));
  return known(IANAZone.isValidZone(name) ? at(name) : time.toUnixTime() * 1_000);
}

function known(instantMs: number): number {
  if (Number.isFinite(instantMs)) return instantMs;
  throw new Error('It has a time that cannot be.');
}
