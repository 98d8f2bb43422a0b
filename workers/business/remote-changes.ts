import type { Attendee } from '../../contract/scheduling.ts';
import type { Changes, RemoteChange } from '../calendars/remote-calendar.ts';
import { placeFor } from '../scheduling/place.ts';
import { announce } from './announce.ts';
import { appointmentRow } from './appointment-rows.ts';
import { cancelRow, noteAppointment } from './appointments.ts';
import { dropLink, linkByRemote, linkOf, linksOf, noteStanding, type CalendarLink } from './calendar-links.ts';
import { describe, reach } from './job-failure.ts';
import { addJob } from './jobs.ts';
import { tellOwner } from './notices.ts';
import type { Essentials } from './playbooks.ts';
import { takenTimes } from './taken-times.ts';

interface Sync {
  readonly connectionId: string;
  readonly playbook: Essentials;
  readonly nowMs: number;
  /** How much had been written there when it was read. What was written since is not in what was read. */
  readonly writings: number;
}

/**
 * Takes over what somebody did to our appointments in a calendar elsewhere. Their time goes before ours, unless it would
 * book somebody twice: then ours is put back. The owner is told of both. Runs in a transaction.
 * @returns the appointments that are another way now.
 */
export function applyChanges(sql: SqlStorage, { changes, isWhole }: Changes, sync: Sync): string[] {
  const changed: string[] = [];
  const note = (id: string | null): void => void (id !== null && changed.push(id));
  const there = changes.filter((change) => change.state === 'there');
  for (const change of there) note(applyStanding(sql, change, sync));
  for (const change of changes) {
    if (change.state !== 'gone') continue;
    const link = linkByRemote(sql, sync.connectionId, change.remoteId);
    if (link !== null && link.writing <= sync.writings) note(applyGone(sql, link, sync));
  }
  if (!isWhole) return changed;
  const standing = new Set(there.map(({ remoteId }) => remoteId));
  for (const link of linksOf(sql, sync.connectionId)) {
    const wasRead = link.writing <= sync.writings;
    if (wasRead && link.remoteId !== null && !standing.has(link.remoteId)) note(applyGone(sql, link, sync));
  }
  return changed;
}

function applyStanding(sql: SqlStorage, change: Extract<RemoteChange, { state: 'there' }>, sync: Sync): string | null {
  const { connectionId, nowMs, playbook } = sync;
  const { remoteId, formerId, startMs, endMs } = change;
  const known =
    linkByRemote(sql, connectionId, remoteId) ??
    (formerId === undefined ? null : linkByRemote(sql, connectionId, formerId));
  const appointmentId = known?.appointmentId ?? change.appointmentId;
  const row = appointmentId === null ? undefined : appointmentRow(sql, appointmentId);
  // Copies of an entry, and what is over, are nobody's appointment.
  if (row === undefined || row.status === 'cancelled' || row.start_ms <= nowMs) return null;
  const link = known ?? linkOf(sql, connectionId, row.id);
  if (link !== null && link.writing > sync.writings) return null;
  if (link !== null && link.remoteId !== null && link.remoteId !== remoteId && link.remoteId !== formerId) return null;
  noteStanding(sql, connectionId, row.id, { remoteId, startMs, endMs });
  const isOurs = [...(link?.ownTimes ?? []), { startMs: row.start_ms, endMs: row.end_ms }].some(
    (own) => own.startMs === startMs && own.endMs === endMs,
  );
  if (isOurs) return null;
  const { attendee } = row;
  const service = playbook.scheduling.services.find(({ id }) => id === row.service);
  const taken = takenTimes(sql, { fromMs: Math.min(startMs, nowMs), nowMs, callId: '', butNot: row.id });
  // Entries of the calendar itself are whose who moved it: they saw them.
  const booked = taken.filter((other) => other.service !== null);
  const place =
    service === undefined
      ? null
      : placeFor(playbook.scheduling, service, { startMs, endMs }, booked, { staff: row.staff });
  if (place === null || place.staff !== row.staff || startMs <= nowMs || endMs <= startMs) {
    addJob(sql, { kind: 'push', connectionId, appointmentId: row.id, dueMs: nowMs }, nowMs);
    const reason = startMs <= nowMs ? 'has passed' : 'is taken';
    const wish = describe(row, attendee, startMs);
    tellOwner(
      sql,
      {
        key: `conflict ${row.id} ${row.sequence} ${startMs}`,
        kind: 'conflict',
        text: `In the calendar "${connectionId}", somebody moved ${attendee.name} to a time that ${reason}: ${wish}. It stays at the time that was agreed, and was put back there: ${describe(row, attendee)}. Move it to another time, or ${lowerFirst(reach(attendee))}`,
        appointmentId: row.id,
      },
      nowMs,
    );
    return null;
  }
  const before = describe(row, attendee);
  sql.exec(
    `UPDATE appointments SET start_ms = ?, end_ms = ?, sequence = sequence + 1, changed_ms = ?, confirmed_ms = NULL
     WHERE id = ?`,
    startMs,
    endMs,
    nowMs,
    row.id,
  );
  announce(sql, row.id, nowMs, connectionId);
  const moved = appointmentRow(sql, row.id) ?? row;
  noteAppointment(sql, 'moved', moved, nowMs, row.start_ms);
  tellOwner(
    sql,
    {
      key: `moved ${row.id} ${moved.sequence}`,
      kind: 'changed-elsewhere',
      text: `In the calendar "${connectionId}", somebody moved ${before}. Now it is ${describe(moved, attendee)}. ${told(attendee)}`,
      appointmentId: row.id,
    },
    nowMs,
  );
  return row.id;
}

function applyGone(sql: SqlStorage, link: CalendarLink, { connectionId, nowMs }: Sync): string | null {
  dropLink(sql, connectionId, link.appointmentId);
  const row = appointmentRow(sql, link.appointmentId);
  if (row === undefined || row.status === 'cancelled' || row.start_ms <= nowMs) return null;
  const { attendee } = row;
  cancelRow(sql, row.id, nowMs);
  tellOwner(
    sql,
    {
      key: `gone ${row.id} ${row.sequence}`,
      kind: 'changed-elsewhere',
      text: `In the calendar "${connectionId}", somebody took out ${describe(row, attendee)}. It is cancelled. ${told(attendee)}`,
      appointmentId: row.id,
    },
    nowMs,
  );
  return row.id;
}

const told = (attendee: Attendee): string =>
  attendee.email === undefined
    ? `They do not know yet. ${reach(attendee)}`
    : 'They are told by mail, if mail is connected.';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
