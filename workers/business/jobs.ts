import { seal } from '../privacy/vault.ts';

/** After a commit, how long the queue may take to accept a job before it is offered again. */
const sendGraceMs = 30_000;

/** A job of which nothing is heard for this long is lost: a consumer died, or a local queue was restarted. */
const workGraceMs = 120_000;

/** Retries double from this up to an hour. With `maxAttempts` the last one is some fourteen hours after the first. */
const retryBaseMs = 15_000;
const maxRetryMs = 3_600_000;
const maxAttempts = 22;

/** How often calendars elsewhere are asked what changed, when nobody asks for a time. */
const pollMs = 300_000;

export type JobKind = 'invite' | 'remind' | 'confirmation-call' | 'push' | 'sync';

/** Something that another system is to be told or asked, once its time has come. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly appointmentId: string | null;
  readonly connectionId: string | null;
  /** Of the appointment, when the job was made. */
  readonly sequence: number;
  /** Of a reminder, or a call that asks to confirm. */
  readonly leadMin: number;
  readonly attempts: number;
}

export interface DueJob {
  readonly jobId: string;
  readonly ticket: number;
}

export type JobResult =
  | { readonly outcome: 'done' }
  /** There is nothing to do any more. */
  | { readonly outcome: 'void' }
  | { readonly outcome: 'refused'; readonly error: string }
  | { readonly outcome: 'failed'; readonly error: string; readonly retryAfterS: number | null };

interface JobRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: JobKind;
  appointment_id: string | null;
  connection_id: string | null;
  sequence: number;
  lead_min: number;
  attempts: number;
  again: number;
}

interface NewJob {
  readonly kind: JobKind;
  readonly appointmentId?: string;
  readonly connectionId?: string;
  readonly sequence?: number;
  readonly leadMin?: number;
  readonly dueMs: number;
}

/**
 * Writes a job beside the change that causes it, each once. One that brings another system up to date (`push`, `sync`)
 * is armed again; if it is at work just now, for after that.
 */
export function addJob(sql: SqlStorage, job: NewJob, nowMs: number): void {
  const { kind, appointmentId = '', connectionId = '', sequence = 0, leadMin = 0, dueMs } = job;
  const repeats = kind === 'push' || kind === 'sync';
  const key = [kind, appointmentId, connectionId, ...(repeats ? [] : [sequence, leadMin])].join(' ');
  sql.exec(
    `INSERT INTO jobs (id, key, kind, appointment_id, connection_id, sequence, lead_min, status, due_ms, created_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)
     ON CONFLICT (key) DO ${
       repeats
         ? `UPDATE SET
              again = CASE WHEN status = 'working' THEN 1 ELSE 0 END,
              attempts = CASE WHEN status = 'working' THEN attempts ELSE 0 END,
              due_ms = CASE WHEN status = 'working' THEN due_ms WHEN status = 'waiting' THEN MIN(due_ms, excluded.due_ms)
                ELSE excluded.due_ms END,
              sequence = excluded.sequence,
              status = CASE WHEN status = 'working' THEN status ELSE 'waiting' END`
         : 'NOTHING'
     }`,
    crypto.randomUUID(),
    key,
    kind,
    appointmentId === '' ? null : appointmentId,
    connectionId === '' ? null : connectionId,
    sequence,
    leadMin,
    dueMs,
    nowMs,
  );
}

/** Takes every job whose time has come; each gets a new ticket. */
export function takeDueJobs(sql: SqlStorage, nowMs: number): DueJob[] {
  return sql
    .exec<{ id: string; ticket: number }>(
      `UPDATE jobs SET ticket = ticket + 1, due_ms = ? WHERE status IN ('waiting', 'working') AND due_ms <= ?
       RETURNING id, ticket`,
      nowMs + sendGraceMs,
      nowMs,
    )
    .toArray()
    .map(({ id, ticket }) => ({ jobId: id, ticket }));
}

export function nextJobMs(sql: SqlStorage): number | null {
  return sql
    .exec<{ due: number | null }>("SELECT MIN(due_ms) AS due FROM jobs WHERE status IN ('waiting', 'working')")
    .one().due;
}

/** The job, if this ticket may still do it. */
export function claimJob(sql: SqlStorage, { jobId, ticket }: DueJob, nowMs: number): Job | null {
  const [row] = sql
    .exec<JobRow>(
      `UPDATE jobs SET status = 'working', again = 0, due_ms = ? WHERE id = ? AND ticket = ?
         AND status IN ('waiting', 'working') RETURNING *`,
      nowMs + workGraceMs,
      jobId,
      ticket,
    )
    .toArray();
  if (row === undefined) return null;
  return {
    id: row.id,
    kind: row.kind,
    appointmentId: row.appointment_id,
    connectionId: row.connection_id,
    sequence: row.sequence,
    leadMin: row.lead_min,
    attempts: row.attempts,
  };
}

/** Records how it went. Returns the job when it has been given up. */
export function settleJob(
  sql: SqlStorage,
  { jobId, ticket }: DueJob,
  result: JobResult,
  nowMs: number,
  random: () => number,
): { readonly job: Job; readonly error: string } | null {
  const [row] = sql
    .exec<JobRow>("SELECT * FROM jobs WHERE id = ? AND ticket = ? AND status = 'working'", jobId, ticket)
    .toArray();
  if (row === undefined) return null;
  if (result.outcome === 'done' || result.outcome === 'void') {
    const isPoll = row.kind === 'sync' && result.outcome === 'done';
    sql.exec(
      `UPDATE jobs SET status = ?, due_ms = ?, attempts = ${isPoll ? '0' : 'attempts + 1'}, last_error = NULL, done_ms = ?
       WHERE id = ?`,
      row.again === 1 || isPoll ? 'waiting' : result.outcome,
      isPoll && row.again === 0 ? nowMs + pollMs : nowMs,
      nowMs,
      jobId,
    );
    return null;
  }
  const attempts = row.attempts + 1;
  const isOver = result.outcome === 'refused' || attempts >= maxAttempts;
  const delayMs =
    result.outcome === 'failed' && result.retryAfterS !== null
      ? Math.min(result.retryAfterS * 1_000, 12 * maxRetryMs)
      : Math.min(retryBaseMs * 2 ** Math.min(row.attempts, 12), maxRetryMs) * (0.5 + 0.5 * random());
  const isDead = isOver && row.again === 0 && row.kind !== 'sync';
  sql.exec(
    'UPDATE jobs SET status = ?, attempts = ?, due_ms = ?, last_error = ? WHERE id = ?',
    isDead ? 'dead' : 'waiting',
    attempts,
    nowMs + Math.round(isOver ? maxRetryMs : delayMs),
    seal(sql, 'jobs.last_error', { id: jobId }, result.error.slice(0, 500)),
    jobId,
  );
  if (!isDead) return null;
  return {
    job: {
      id: row.id,
      kind: row.kind,
      appointmentId: row.appointment_id,
      connectionId: row.connection_id,
      sequence: row.sequence,
      leadMin: row.lead_min,
      attempts,
    },
    error: result.error,
  };
}

/** A calendar that had failed answers again: what was given up for it is tried once more. */
export function reviveJobs(sql: SqlStorage, connectionId: string, nowMs: number): void {
  sql.exec(
    `UPDATE jobs SET status = 'waiting', attempts = 0, due_ms = ?
     WHERE connection_id = ? AND kind = 'push' AND status IN ('dead', 'waiting')`,
    nowMs,
    connectionId,
  );
}

/** Gives up what has not been done for an appointment: it was moved or cancelled. */
export function dropReminders(sql: SqlStorage, appointmentId: string): void {
  sql.exec(
    "UPDATE jobs SET status = 'void' WHERE appointment_id = ? AND kind IN ('remind', 'confirmation-call') AND status = 'waiting'",
    appointmentId,
  );
}
