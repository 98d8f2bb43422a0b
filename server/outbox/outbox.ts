import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { CallEvent, type CallFact, type EndReason, OutcomeName } from '../../contract/call-event.ts';
import type { Outcome } from '../../contract/act.ts';

/** A call whose events are not all delivered, or which is still going on. */
export interface OpenCall {
  readonly callId: string;
  readonly business: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS calls (
    call_id TEXT PRIMARY KEY,
    business TEXT NOT NULL,
    next_seq INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT 'incomplete'
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    call_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (call_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS used_tokens (jti TEXT PRIMARY KEY, expires_ms INTEGER NOT NULL) STRICT;
`;

const CallRow = v.object({ call_id: v.string(), business: v.string(), next_seq: v.number(), outcome: OutcomeName });
const EventRow = v.object({ event: v.string() });

/**
 * Every event of every call, on disk before anyone relies on it, until the control plane has it. Written by one
 * process. SQLite in WAL mode: a commit survives the process, and at most the last ones a power cut.
 */
export class Outbox {
  readonly #db: DatabaseSync;
  readonly #now: () => number;

  /** @param file a path, or `:memory:`. */
  constructor(file: string, now: () => number) {
    this.#db = new DatabaseSync(file);
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
    this.#db.exec(schema);
    this.#now = now;
  }

  open(callId: string, business: string): void {
    this.#db.prepare('INSERT INTO calls (call_id, business) VALUES (?, ?)').run(callId, business);
  }

  /** Gives the event the call's next number. */
  append(callId: string, fact: CallFact, atMs: number): CallEvent {
    const row = this.#call(callId);
    if (!row) throw new Error(`Cannot record '${fact.type}': call ${callId} was not opened`);
    const event: CallEvent = { seq: row.next_seq, atMs, fact };
    const ended = fact.type === 'call-end' ? 1 : 0;
    this.#transaction(() => {
      this.#db
        .prepare('INSERT INTO events (call_id, seq, event) VALUES (?, ?, ?)')
        .run(callId, event.seq, JSON.stringify(event));
      this.#db.prepare('UPDATE calls SET next_seq = next_seq + 1, ended = ? WHERE call_id = ?').run(ended, callId);
    });
    return event;
  }

  /** How the call went so far: what its record will say if this process dies. */
  setOutcome(callId: string, outcome: Outcome): void {
    this.#db.prepare('UPDATE calls SET outcome = ? WHERE call_id = ?').run(outcome, callId);
  }

  /** Undelivered events, in order. */
  pending(callId: string, limit: number): CallEvent[] {
    const rows = this.#db.prepare('SELECT event FROM events WHERE call_id = ? ORDER BY seq LIMIT ?').all(callId, limit);
    return rows.map((row) => v.parse(CallEvent, JSON.parse(v.parse(EventRow, row).event)));
  }

  /** Everything below `nextSeq` is safe elsewhere. Forgets a call that has ended and is delivered. */
  acknowledge(callId: string, nextSeq: number): void {
    this.#transaction(() => {
      this.#db.prepare('DELETE FROM events WHERE call_id = ? AND seq < ?').run(callId, nextSeq);
      this.#db
        .prepare(
          'DELETE FROM calls WHERE call_id = ?1 AND ended = 1 AND NOT EXISTS (SELECT 1 FROM events WHERE call_id = ?1)',
        )
        .run(callId);
    });
  }

  calls(): OpenCall[] {
    return this.#rows('SELECT * FROM calls').map((row) => ({ callId: row.call_id, business: row.business }));
  }

  /** Ends the calls that an earlier process left open. Returns how many. */
  closeInterrupted(): number {
    const open = this.#rows('SELECT * FROM calls WHERE ended = 0');
    const reason: EndReason = 'interrupted';
    for (const row of open) this.append(row.call_id, { type: 'call-end', reason, outcome: row.outcome }, this.#now());
    return open.length;
  }

  /** False when the token was used before, also by an earlier process. */
  useToken(jti: string, expiresMs: number): boolean {
    this.#db.prepare('DELETE FROM used_tokens WHERE expires_ms < ?').run(this.#now());
    const { changes } = this.#db.prepare('INSERT OR IGNORE INTO used_tokens VALUES (?, ?)').run(jti, expiresMs);
    return Number(changes) === 1;
  }

  close(): void {
    this.#db.close();
  }

  #call(callId: string): v.InferOutput<typeof CallRow> | undefined {
    return this.#rows('SELECT * FROM calls WHERE call_id = ?', callId)[0];
  }

  #rows(sql: string, ...values: string[]): v.InferOutput<typeof CallRow>[] {
    return v.parse(v.array(CallRow), this.#db.prepare(sql).all(...values));
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
