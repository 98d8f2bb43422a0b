import { DateTime } from 'luxon';
import type { Slot } from '../../contract/scheduling.ts';
import { clockWords, ordinalWords } from '../../dialogue/phrase/spoken.ts';
import type { SuitableTimes } from './scenario.ts';

type Limits = Omit<SuitableTimes, 'says'>;

const at = (slot: Slot, zone: string): DateTime => DateTime.fromMillis(slot.startMs, { zone, locale: 'en-US' });

/** Whether a time is one that suits; without limits any does. */
export function suits(slot: Slot, limits: Limits | undefined, zone: string): boolean {
  if (limits === undefined) return true;
  const start = at(slot, zone);
  const name = start.toFormat('cccc').toLowerCase();
  const clock = start.toFormat('HH:mm');
  return (
    limits.days?.some((day) => day === name) !== false &&
    limits.notDays?.some((day) => day === name) !== true &&
    limits.dates?.includes(start.toISODate() ?? '') !== false &&
    (limits.notBefore === undefined || clock >= limits.notBefore) &&
    (limits.notAfter === undefined || clock <= limits.notAfter)
  );
}

const places = ['first', 'second', 'third'];

/** Ways to say which of the offered times it shall be; each leaves no doubt. */
export function saidChoice(slot: Slot, offered: readonly Slot[], zone: string): string[] {
  const start = at(slot, zone);
  const index = offered.findIndex(({ startMs }) => startMs === slot.startMs);
  const said: string[] = [];
  if (offered.length === 1) return ['yes', 'yes please', 'that works', 'sounds good', 'okay'];
  const place = places[index];
  if (place !== undefined) said.push(`the ${place} one`, `the ${place} one please`);
  if (index === offered.length - 1) said.push('the last one');
  const day = start.toFormat('cccc').toLowerCase();
  const clock = clockWords(start.hour, start.minute).replace(
    / ([AP]) M$/,
    (_, half: string) => ` ${half.toLowerCase()}m`,
  );
  const onlyDay = offered.filter((other) => at(other, zone).toISODate() === start.toISODate()).length === 1;
  const sameClock = offered.filter((other) => at(other, zone).toFormat('H:mm') === start.toFormat('H:mm'));
  if (onlyDay) said.push(day, `${day} works`, `let's do ${day}`, `the ${ordinalWords(start.day)}`);
  if (sameClock.length === 1) said.push(`at ${clock}`, `${clock} is good`);
  said.push(`${day} at ${clock}`);
  return said;
}
