import { instantOf, instantsOf, wallClock } from '../../dialogue/calendar/local-time.ts';

const minuteMs = 60_000;
const maxOffsetMin = 14 * 60;

/** What a written time means in a business's zone. */
export type Start =
  | { readonly kind: 'instant'; readonly startMs: number }
  /** Daylight saving leaves it out; `nextMs` is when clocks go on. */
  | { readonly kind: 'skipped'; readonly nextMs: number }
  /** Clocks show it twice. */
  | { readonly kind: 'repeated'; readonly firstMs: number; readonly secondMs: number }
  /** No calendar has such a day, or no clock such a time. */
  | { readonly kind: 'no-time' };

/** @param text as `2026-11-30T14:30`, a time in `zone`, or with an offset behind it, which then alone decides. */
export function readStart(text: string, zone: string): Start {
  const [, date = '', time = '', offset = ''] = /^(.{10})T(.{5})(?::00)?(.*)$/.exec(text) ?? [];
  const asUtcMs = Date.parse(`${date}T${time}Z`);
  // Some engines take 30 February for 2 March.
  if (Number.isNaN(asUtcMs) || new Date(asUtcMs).toISOString().slice(0, 16) !== `${date}T${time}`)
    return { kind: 'no-time' };
  if (offset !== '') {
    const startMs = asUtcMs - offsetMs(offset);
    return Number.isNaN(startMs) ? { kind: 'no-time' } : { kind: 'instant', startMs };
  }
  const [firstMs, secondMs] = instantsOf(date, time, zone);
  if (firstMs === undefined) return { kind: 'skipped', nextMs: instantOf(date, time, zone) };
  return secondMs === undefined ? { kind: 'instant', startMs: firstMs } : { kind: 'repeated', firstMs, secondMs };
}

/** An instant as it is written in a zone, with the offset: `2026-11-30T14:30-07:00`. */
export function writeStart(startMs: number, zone: string): string {
  const { date, time } = wallClock(startMs, zone);
  const offsetMin = Math.round((Date.parse(`${date}T${time}Z`) - startMs) / minuteMs);
  const ahead = Math.abs(offsetMin);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date}T${time}${offsetMin < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

/** Not a number where there is no such offset. */
function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(offset) ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && ahead <= maxOffsetMin ? (sign === '-' ? -1 : 1) * ahead * minuteMs : Number.NaN;
}
