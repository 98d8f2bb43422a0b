import { DateTime } from 'luxon';
import { errorText, log } from '../log.ts';
import type { Alarm } from './alarm.ts';
import { businessId } from './config.ts';
import { tellOwner } from './notices.ts';

/** What a ring of the alarm does, and what it means to the owner where it keeps failing. */
const meanings = {
  calls: 'Calls that broke off are not closed.',
  dials: 'Calls that were ordered are not placed.',
  deliveries: 'CRMs are not told what happened.',
  calendars: 'Calendars and customers are not told of appointments.',
  webhooks: 'Webhooks that came in are not applied.',
  sealing: 'What an older version stored is not yet sealed.',
  erasures: 'Somebody who is to be erased is not erased completely.',
  retention: 'What is older than it may be is not all deleted: it is still kept.',
} as const;

export type DutyName = keyof typeof meanings;

/** One thing that the alarm sees to. Each finds out by itself whether there is something to do. */
export type Duties = Readonly<Record<DutyName, () => Promise<void> | void>>;

/** Until a duty that failed is done again; doubles with each failure after it. */
const retryBaseMs = 2_000;
const maxRetryMs = 900_000;
/** Shorter troubles are nobody's concern. */
const tellAfterMs = 6 * 3_600_000;

interface FailingRow extends Record<string, SqlStorageValue> {
  duty: string;
  since_ms: number;
  attempts: number;
  again_ms: number;
}

export interface DutiesContext {
  readonly sql: SqlStorage;
  readonly alarm: Alarm;
  readonly now: () => number;
}

/**
 * Does all duties beside each other. One that fails keeps no other from being done, and has no other repeated: it alone is done
 * again, after a while that grows, and the owner is told when that has gone on for hours.
 */
export async function doDuties(duties: Duties, context: DutiesContext): Promise<void> {
  const { sql, now } = context;
  const failing = new Map(
    sql
      .exec<FailingRow>('SELECT * FROM failing_duties')
      .toArray()
      .map((row) => [row.duty, row]),
  );
  const names = Object.keys(duties) as DutyName[];
  await Promise.all(
    names.map(async (name) => {
      const before = failing.get(name);
      if (before !== undefined && before.again_ms > now()) return;
      try {
        await duties[name]();
      } catch (error) {
        noteFailure(name, before, error, context);
        return;
      }
      if (before !== undefined) sql.exec('DELETE FROM failing_duties WHERE duty = ?', name);
    }),
  );
  const [next] = sql.exec<{ ms: number | null }>('SELECT MIN(again_ms) AS ms FROM failing_duties').toArray();
  await context.alarm.needBy(next?.ms ?? null);
}

/** When a duty may be done at the soonest that is due by `dueMs`: later, where it has just failed. */
export function dutyDueMs(sql: SqlStorage, name: DutyName, dueMs: number | null): number | null {
  if (dueMs === null) return null;
  const [row] = sql.exec<FailingRow>('SELECT * FROM failing_duties WHERE duty = ?', name).toArray();
  return Math.max(dueMs, row?.again_ms ?? dueMs);
}

function noteFailure(
  name: DutyName,
  before: FailingRow | undefined,
  error: unknown,
  { sql, now }: DutiesContext,
): void {
  const nowMs = now();
  const attempts = (before?.attempts ?? 0) + 1;
  const sinceMs = before?.since_ms ?? nowMs;
  const againMs = nowMs + Math.min(retryBaseMs * 2 ** (attempts - 1), maxRetryMs);
  const reason = errorText(error);
  log('error', 'a duty of the alarm failed and will be tried again', {
    business: businessId(sql),
    duty: name,
    attempts,
    error: reason,
  });
  sql.exec('INSERT OR REPLACE INTO failing_duties VALUES (?, ?, ?, ?)', name, sinceMs, attempts, againMs);
  if (nowMs - sinceMs < tellAfterMs) return;
  const since = DateTime.fromMillis(sinceMs, { zone: 'utc' }).toFormat("yyyy-MM-dd HH:mm 'UTC'");
  const text = `${meanings[name]} It has failed since ${since} (${reason.slice(0, 300)}) and is tried again every 15 minutes. Tell who runs this installation.`;
  tellOwner(sql, { key: `duty ${name} ${sinceMs}`, kind: 'duty-failing', text }, nowMs);
}
