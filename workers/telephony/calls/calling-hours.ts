import type { OutboundRules } from '../../../contract/outbound.ts';
import { addDays, wallClock } from '../../../dialogue/calendar/local-time.ts';
import { openingsOn } from '../../../dialogue/calendar/opening.ts';

type Hours = Pick<OutboundRules, 'hours' | 'notOn'>;

/** Rules that leave no time at all within these days will leave none after them. */
const horizonDays = 31;
const dayMs = 86_400_000;

/** The first moment from `fromMs` on at which every one of the zones may be called; null: none within a month. */
export function nextAllowedMs(zones: readonly string[], rules: Hours, fromMs: number): number | null {
  let atMs = fromMs;
  while (atMs - fromMs < horizonDays * dayMs) {
    const openMs = zones.map((zone) => nextOpenMs(zone, rules, atMs));
    if (openMs.includes(null)) return null;
    const latestMs = Math.max(atMs, ...openMs.filter((each) => each !== null));
    if (latestMs === atMs) return atMs;
    atMs = latestMs;
  }
  return null;
}

function nextOpenMs(zone: string, { hours, notOn }: Hours, atMs: number): number | null {
  const rules = { timeZone: zone, openingHours: hours, closedOn: notOn, services: [] };
  const today = wallClock(atMs, zone).date;
  for (let day = 0; day <= horizonDays; day += 1) {
    for (const { fromMs, toMs } of openingsOn(rules, addDays(today, day))) {
      if (atMs < toMs) return Math.max(atMs, fromMs);
    }
  }
  return null;
}
