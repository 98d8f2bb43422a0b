import { indexed } from '../privacy/vault.ts';
import type { Synced, Yield } from '../scheduling/work.ts';
import { noteSynced } from './calendar-connections.ts';
import { dropLink, noteWritten } from './calendar-links.ts';
import { reviveJobs } from './jobs.ts';
import { tellOwner } from './notices.ts';
import { activePlaybook } from './playbooks.ts';
import { applyChanges } from './remote-changes.ts';

/** Of one synchronisation. Who has more than this has a calendar to mend. */
const maxToldUnread = 20;

/** Keeps what a job brought. Runs in a transaction. @returns the appointments that somebody changed elsewhere. */
export function keepYield(sql: SqlStorage, gained: Yield, nowMs: number): string[] {
  switch (gained.kind) {
    case 'nothing':
      return [];
    case 'stands': {
      const { connectionId, entry, remoteId } = gained;
      const { appointmentId, startMs, endMs } = entry;
      if (isConnected(sql, connectionId)) noteWritten(sql, connectionId, appointmentId, { remoteId, startMs, endMs });
      return [];
    }
    case 'removed':
      dropLink(sql, gained.connectionId, gained.appointmentId);
      return [];
    case 'synced':
      return keepSynced(sql, gained, nowMs);
    default:
      return gained satisfies never;
  }
}

/** The connection that a synchronising job is for; null for other jobs. */
export function connectionOfSync(sql: SqlStorage, jobId: string): string | null {
  const [row] = sql
    .exec<{ connection_id: string }>("SELECT connection_id FROM jobs WHERE id = ? AND kind = 'sync'", jobId)
    .toArray();
  return row?.connection_id ?? null;
}

function keepSynced(
  sql: SqlStorage,
  { connectionId, from, writings, changes, busy, unread }: Synced,
  nowMs: number,
): string[] {
  const [now] = sql
    .exec<{ cursor: string | null }>('SELECT cursor FROM calendar_connections WHERE id = ?', connectionId)
    .toArray();
  const playbook = activePlaybook(sql);
  // Another synchronisation was quicker, or the connection was made anew: that one counts.
  if (now === undefined || playbook === null || now.cursor !== from) return [];
  const changed = applyChanges(sql, changes, { connectionId, playbook, nowMs, writings });
  const hadFailed = noteSynced(sql, connectionId, { busy, cursor: changes.cursor, nowMs });
  for (const what of unread.slice(0, maxToldUnread)) {
    const key = `unread ${connectionId} ${indexed(sql, what)}`;
    const text = `In the calendar "${connectionId}" an entry cannot be read. ${what} Its time counts as taken as far as it can be told, without repetitions. Correct it there, or take it out.`;
    tellOwner(sql, { key, kind: 'entry-unread', text }, nowMs);
  }
  if (hadFailed) reviveJobs(sql, connectionId, nowMs);
  return changed;
}

const isConnected = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM calendar_connections WHERE id = ?', id).toArray().length > 0;
