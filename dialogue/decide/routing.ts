import type { Lead, Owner } from '../../contract/lead.ts';
import type { SchedulingRules } from '../../contract/scheduling.ts';
import { addDays, wallClock } from '../calendar/local-time.ts';
import { openingsOn } from '../calendar/opening.ts';
import type { Bundle, Routing } from '../playbook/bundle.ts';
import type { State } from '../state.ts';

/** A person of the playbook, and how the agent speaks of them. */
export type Person = Routing['people'][number];

/** A business that is closed for longer has no next open day to promise. */
const maxDaysAhead = 60;

/** Who takes care of this lead at this moment; null in a playbook without people. */
export function personFor(bundle: Bundle, state: State, nowMs: number): Person | null {
  const { routing } = bundle;
  if (routing === undefined) return null;
  const named = state.escalations.findLast(({ to }) => to !== undefined)?.to;
  const id = named ?? routing.rules.find(({ when }) => holds(bundle, state, when, nowMs))?.to ?? routing.otherwise;
  return routing.people.find((person) => person.id === id) ?? null;
}

/** As the lead and the acts carry them. */
export function ownerOf({ id, name, role, phone, sip }: Person): Owner {
  return {
    id,
    name,
    ...(role === undefined ? {} : { role }),
    ...(phone === undefined ? {} : { phone }),
    ...(sip === undefined ? {} : { sip }),
  };
}

/** The lead with its owner, once there is somebody to take care of. */
export function routed(bundle: Bundle, state: State, nowMs: number): Lead {
  const { lead } = state;
  const person = personFor(bundle, state, nowMs);
  const known = lead.name !== undefined || lead.phone !== undefined || lead.email !== undefined;
  if (person === null || (!known && Object.keys(lead.answers).length === 0)) return lead;
  return { ...lead, owner: ownerOf(person) };
}

function holds(
  bundle: Bundle,
  { lead, escalations }: State,
  when: Routing['rules'][number]['when'],
  nowMs: number,
): boolean {
  const topics = topicsOf({ lead, escalations });
  return (
    Object.entries(when.answers).every(([id, options]) => options.includes(String(lead.answers[id]?.value ?? ''))) &&
    Object.entries(when.atLeast).every(([id, least]) => isAtLeast(lead, id, least)) &&
    (when.scoreFrom === undefined || lead.score >= when.scoreFrom) &&
    (when.scoreBelow === undefined || lead.score < when.scoreBelow) &&
    (when.topics === undefined || when.topics.some((topic) => topics.has(topic))) &&
    (when.hours === undefined || (when.hours === 'open') === isOpen(bundle.scheduling, nowMs))
  );
}

/** What the call is about: rules that applied, facts asked about, objections made. */
export function topicsOf({ lead, escalations }: Pick<State, 'lead' | 'escalations'>): ReadonlySet<string> {
  return new Set([
    ...escalations.map(({ rule }) => rule),
    ...lead.askedAbout,
    ...lead.objections.map((objection) => objection.id),
  ]);
}

export function isAtLeast(lead: Lead, question: string, least: number): boolean {
  const value = lead.answers[question]?.value;
  return typeof value === 'number' && value >= least;
}

/** An opening that lasts past midnight may have begun the day before. */
export function isOpen(rules: SchedulingRules, nowMs: number): boolean {
  const { date } = wallClock(nowMs, rules.timeZone);
  return [addDays(date, -1), date]
    .flatMap((day) => openingsOn(rules, day))
    .some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
}

/**
 * Closing time, so many open days on; 0 is today, or the next open day once today's hours are over.
 * Null when the business does not open within sixty days.
 */
export function closingTimeMs(rules: SchedulingRules, openDays: number, nowMs: number): number | null {
  const today = wallClock(nowMs, rules.timeZone).date;
  let left = openDays;
  for (let ahead = 0; ahead <= maxDaysAhead; ahead++) {
    const closesMs = openingsOn(rules, addDays(today, ahead)).at(-1)?.toMs;
    if (closesMs === undefined || closesMs <= nowMs) continue;
    if (ahead > 0 && left > 0) left -= 1;
    if (ahead > 0 ? left === 0 : openDays === 0) return closesMs;
  }
  return null;
}
