import * as v from 'valibot';
import { Region } from '../../contract/fleet.ts';
import { defaultRetention, RetentionRules, type RetentionDays } from '../../contract/privacy.ts';

interface RetentionRow extends Record<string, SqlStorageValue> {
  rules: string | null;
  next_ms: number;
}

const rowOf = (sql: SqlStorage): RetentionRow | undefined =>
  sql.exec<RetentionRow>('SELECT rules, next_ms FROM retention').toArray()[0];

export function readRetention(sql: SqlStorage): RetentionRules {
  const rules = rowOf(sql)?.rules ?? null;
  return rules === null ? defaultRetention : v.parse(RetentionRules, JSON.parse(rules));
}

/** They count from the next daily look on. */
export function writeRetention(sql: SqlStorage, rules: RetentionRules, nextMs: number): void {
  sql.exec('INSERT OR REPLACE INTO retention (id, rules, next_ms) VALUES (1, ?, ?)', JSON.stringify(rules), nextMs);
}

/** When the next look is due; null before there was one. */
export const nextLookMs = (sql: SqlStorage): number | null => rowOf(sql)?.next_ms ?? null;

export function lookAgainAt(sql: SqlStorage, nextMs: number): void {
  sql.exec(
    'INSERT INTO retention (id, rules, next_ms) VALUES (1, NULL, ?) ON CONFLICT (id) DO UPDATE SET next_ms = excluded.next_ms',
    nextMs,
  );
}

/** A group of calls that one set of days is for. */
export interface RetentionGroup {
  /** In SQL, of the table `calls`. */
  readonly where: string;
  /** What belongs to no call goes with this group. */
  readonly hasRest: boolean;
  readonly days: RetentionDays;
}

/** Calls of each region that has days of its own, and all the others. */
export function groupsOf({ all, regions }: RetentionRules): RetentionGroup[] {
  const own = Region.options.filter((region) => regions[region] !== undefined);
  const list = own.map((region) => `'${region}'`).join(', ');
  return [
    { where: own.length === 0 ? 'TRUE' : `(region IS NULL OR region NOT IN (${list}))`, hasRest: true, days: all },
    ...own.map((region) => ({
      where: `region = '${region}'`,
      hasRest: false,
      days: { ...all, ...defined(regions[region] ?? {}) },
    })),
  ];
}

const defined = (days: { [Kind in keyof RetentionDays]?: RetentionDays[Kind] | undefined }): Partial<RetentionDays> =>
  Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined));
