import type { RemoteEntry } from '../calendars/remote-calendar.ts';
import type { DataKey } from '../privacy/sealed.ts';
import { horizonDaysOf } from '../scheduling/free-slots.ts';
import type { Work } from '../scheduling/work.ts';
import { mailOf } from './appointment-mail.ts';
import { appointmentRow } from './appointment-rows.ts';
import { readConnection } from './calendar-connections.ts';
import { linkOf, noteWriting, writingsOf } from './calendar-links.ts';
import { toEntry } from './feeds.ts';
import type { Job, JobKind, JobResult } from './jobs.ts';
import { readMailSettings } from './mail-settings.ts';
import type { Essentials } from './playbooks.ts';

const dayMs = 86_400_000;

interface Context {
  readonly key: DataKey;
  readonly playbook: Essentials;
  readonly nowMs: number;
}

const nothing: JobResult = { outcome: 'void' };

/** What a job comes to by now; a result where there is nothing to do. */
export async function workOf(
  sql: SqlStorage,
  job: Job & { readonly kind: Exclude<JobKind, 'confirmation-call'> },
  context: Context,
): Promise<Work | JobResult> {
  switch (job.kind) {
    case 'invite':
    case 'remind': {
      const settings = await readMailSettings(sql, context.key);
      if (settings === null) return nothing;
      const mail = mailOf(sql, job, { from: settings.from, ...context });
      return mail === null ? nothing : { kind: 'mail', settings, mail };
    }
    case 'push':
      return pushWork(sql, job, context);
    case 'sync':
      return (await syncWork(sql, job.connectionId ?? '', context)) ?? nothing;
    default:
      return job.kind satisfies never;
  }
}

/** Asks a calendar what changed, and what it is full of for as long as anything can be booked. */
export async function syncWork(
  sql: SqlStorage,
  connectionId: string,
  context: Context,
): Promise<Extract<Work, { kind: 'sync' }> | null> {
  const connection = await readConnection(sql, connectionId, context.key);
  return connection === null ? null : { ...syncOf(sql, connectionId, context), ...connection };
}

/** The same without what only the connection knows. */
export function syncOf(sql: SqlStorage, connectionId: string, { playbook, nowMs }: Context) {
  const days = Math.max(...playbook.scheduling.services.map(horizonDaysOf), 1) + 2;
  return {
    kind: 'sync' as const,
    connectionId,
    business: playbook.business.id,
    zone: playbook.scheduling.timeZone,
    range: { fromMs: nowMs - dayMs, toMs: nowMs + days * dayMs },
    writings: writingsOf(sql, connectionId),
  };
}

/** Brings a calendar up to date with what an appointment is by now, however often it changed meanwhile. */
async function pushWork(
  sql: SqlStorage,
  { appointmentId, connectionId }: Job,
  { key, playbook }: Context,
): Promise<Work | JobResult> {
  const connection = connectionId === null ? null : await readConnection(sql, connectionId, key);
  const row = appointmentRow(sql, appointmentId);
  if (connection === null || connectionId === null || row === undefined) return nothing;
  const { settings } = connection;
  const business = playbook.business.id;
  const elsewhere = { connectionId, settings, business, zone: playbook.scheduling.timeZone, appointmentId: row.id };
  const link = linkOf(sql, connectionId, row.id);
  const belongs = settings.writes && (settings.staff === undefined || settings.staff === row.staff);
  if (row.status === 'booked' && belongs) {
    noteWriting(sql, connectionId, row.id, { startMs: row.start_ms, endMs: row.end_ms });
    const { attendeeName: _, ...invitation } = toEntry(row, business, playbook.business.name);
    const entry: RemoteEntry = {
      ...invitation,
      service: row.service,
      attendee: row.attendee,
      timeZone: row.time_zone,
    };
    return { ...elsewhere, kind: 'put', entry, remoteId: link?.remoteId ?? null };
  }
  // Where a write was begun it may stand, be it known under which id or not.
  return link === null ? nothing : { ...elsewhere, kind: 'remove', remoteId: link.remoteId, times: link.ownTimes };
}
