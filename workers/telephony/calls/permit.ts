import { calledNumber, lacksCountryCode, type CallTarget } from '../../../contract/call-target.ts';
import type { CallRefusal, OutboundRules } from '../../../contract/outbound.ts';
import { addDays, instantOf, wallClock } from '../../../dialogue/calendar/local-time.ts';
import { indexed } from '../../privacy/vault.ts';
import { nextAllowedMs } from './calling-hours.ts';
import { isDoNotCall } from './do-not-call.ts';
import { doNotCallRefusal } from './orders.ts';
import { zonesOfNumber } from './number-zones.ts';

export interface PermitQuery {
  readonly to: CallTarget;
  readonly rules: OutboundRules;
  /** The business's own: its day is what a daily cap counts, and the address of an extension has no other. */
  readonly timeZone: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export type Permit =
  | { readonly ok: true; readonly atMs: number }
  | { readonly ok: false; readonly refusal: CallRefusal };

/** The first moment at which a number may be dialled, by every rule; or the rule that leaves none. */
export function permit(sql: SqlStorage, query: PermitQuery): Permit {
  const { to, rules, timeZone, fromMs, untilMs } = query;
  const number = calledNumber(to);
  if (isDoNotCall(sql, to)) return { ok: false, refusal: doNotCallRefusal };
  const unknownZone = (why: string): Permit => {
    const message = `Nobody knows what time it is at ${number}: ${why}.`;
    return { ok: false, refusal: { rule: 'unknown-zone', message, allowedFromMs: null } };
  };
  if (lacksCountryCode(to)) return unknownZone('write its number with + and the country code');
  const zones = number.startsWith('+') ? zonesOfNumber(number) : [timeZone];
  if (zones.length === 0) return unknownZone('its prefix belongs to no country');
  const spacedMs = Math.max(fromMs, lastUnansweredMs(sql, number) + rules.spacingMin * 60_000);
  const awakeMs = nextAllowedMs(zones, rules, spacedMs);
  const atMs = awakeMs === null ? null : underCap(sql, query, zones, awakeMs);
  if (atMs !== null && atMs <= untilMs) return { ok: true, atMs };
  const refuse = (rule: CallRefusal['rule'], message: string): Permit => ({
    ok: false,
    refusal: { rule, message, allowedFromMs: atMs },
  });
  if (awakeMs !== null && awakeMs <= untilMs)
    return refuse('daily-cap', `The business places at most ${rules.perDay} calls a day.`);
  if (spacedMs > untilMs) return refuse('spacing', `Nobody answered there less than ${rules.spacingMin} minutes ago.`);
  return refuse('calling-hours', outsideHours(zones, rules, spacedMs));
}

function outsideHours(zones: readonly string[], rules: OutboundRules, atMs: number): string {
  const closed = zones.find((zone) => nextAllowedMs([zone], rules, atMs) !== atMs) ?? zones[0] ?? 'UTC';
  const { date, time } = wallClock(atMs, closed);
  const others = zones.length > 1 ? ', where this number may be' : '';
  return `It is ${time} on ${date} in ${closed}${others}: outside the calling hours.`;
}

/** When the last dial began that rang without an answer; long ago where none did. */
function lastUnansweredMs(sql: SqlStorage, number: string): number {
  const { last } = sql
    .exec<{ last: number | null }>(
      "SELECT MAX(start_ms) AS last FROM call_attempts WHERE number_key = ? AND disposition IN ('no-answer', 'busy')",
      indexed(sql, number),
    )
    .one();
  return last ?? Number.NEGATIVE_INFINITY;
}

function underCap(
  sql: SqlStorage,
  { rules, timeZone }: PermitQuery,
  zones: readonly string[],
  atMs: number,
): number | null {
  const { date } = wallClock(atMs, timeZone);
  const { dials } = sql
    .exec<{ dials: number }>(
      'SELECT COUNT(*) AS dials FROM call_attempts WHERE start_ms >= ? AND dialled = 1',
      instantOf(date, '00:00', timeZone),
    )
    .one();
  return dials < rules.perDay ? atMs : nextAllowedMs(zones, rules, instantOf(addDays(date, 1), '00:00', timeZone));
}
