import { DurableObject } from 'cloudflare:workers';
import { type FleetList, NodeReport, type NodeOrders, type Region } from '../../contract/fleet.ts';
import * as v from 'valibot';
import { Alarm } from '../business/alarm.ts';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { type Candidate, chooseNode, loadOf } from './choose-node.ts';

/** How often a node reports. */
const reportEveryMs = 3_000;
/** A node that was silent for so long is dead. */
const deadAfterMs = 10_000;
/** A placed call is in its node's reports by then, or will never be. */
const settledAfterMs = 4_000;
/** A dead node is listed for so long. */
const forgottenAfterMs = 24 * 3_600_000;
/** Businesses that could not be told of a dead node are told again. */
const retryMs = 5_000;
/** The fleet itself was away when its alarm rings so late, or has only just come up. */
const awayMs = 5_000;
const justUpMs = 2_000;

const storage = `
  CREATE TABLE IF NOT EXISTS nodes (
    name TEXT PRIMARY KEY,
    report TEXT NOT NULL, heard_ms INTEGER NOT NULL,
    -- While it is thought to be alive.
    silent_at_ms INTEGER,
    -- Its silence was put down to the fleet's own absence once.
    spared INTEGER NOT NULL DEFAULT 0,
    drain INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS placements (
    id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, business TEXT NOT NULL, at_ms INTEGER NOT NULL
  );
  -- Of dead nodes: whose calls are still to be closed.
  CREATE TABLE IF NOT EXISTS losses (node TEXT NOT NULL, business TEXT NOT NULL, PRIMARY KEY (node, business)) WITHOUT ROWID;
`;

interface NodeRow extends Record<string, SqlStorageValue> {
  report: string;
  heard_ms: number;
  silent_at_ms: number | null;
  spared: number;
  drain: number;
}

export interface PlaceRequest {
  readonly business: string;
  readonly playbook: string;
  readonly region?: Region | undefined;
  /** A node that has just failed this call: it may be dead and not known as such. */
  readonly avoid?: string;
}

export interface Placement {
  readonly name: string;
  readonly signalingUrl: string;
  readonly sipUri: string | null;
  /** It has as many calls as it takes: it will probably refuse this one. */
  readonly full: boolean;
}

type ListedNode = Candidate & { readonly report: NodeReport; readonly heardMs: number };

/** The media nodes: which live, how busy they are, and where the next call goes. There is one. */
export class Fleet extends DurableObject<Env> {
  /** Replaced by tests. */
  now: () => number = () => Date.now();
  tellLoss: (business: string, node: string) => Promise<void> = async (business, node) => {
    await this.env.BUSINESS.getByName(business).nodeLost(node);
  };

  readonly #sql: SqlStorage;
  readonly #alarm: Alarm;
  readonly #upSinceMs = Date.now();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#alarm = new Alarm(state.storage);
    void state.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#sql.exec(storage);
    });
  }

  async report(report: NodeReport): Promise<NodeOrders> {
    const nowMs = this.now();
    const known = this.#rows().find(({ report: before }) => before.name === report.name);
    if (report.state === 'gone') {
      this.#sql.exec('DELETE FROM nodes WHERE name = ?', report.name);
      return { nextInMs: reportEveryMs, drain: false };
    }
    // An order to drain was for the run that it ended.
    const drain = known !== undefined && known.report.run === report.run && known.row.drain === 1;
    this.#sql.exec('DELETE FROM losses WHERE node = ?', report.name);
    this.#sql.exec(
      'INSERT OR REPLACE INTO nodes (name, report, heard_ms, silent_at_ms, drain) VALUES (?, ?, ?, ?, ?)',
      report.name,
      JSON.stringify(report),
      nowMs,
      nowMs + deadAfterMs,
      drain ? 1 : 0,
    );
    await this.#alarm.needBy(this.#nextDueMs());
    return { nextInMs: reportEveryMs, drain };
  }

  /** Null when no node takes calls. */
  place({ business, playbook, region, avoid }: PlaceRequest): Placement | null {
    const nodes = this.#nodes(playbook).filter(({ name }) => name !== avoid);
    const chosen = chooseNode(nodes, region);
    if (chosen === null) return null;
    const { name, signalingUrl, sipUri = null } = chosen.report;
    this.#sql.exec('DELETE FROM placements WHERE at_ms < ?', this.now() - deadAfterMs);
    this.#sql.exec('INSERT INTO placements (node, business, at_ms) VALUES (?, ?, ?)', name, business, this.now());
    return { name, signalingUrl, sipUri, full: loadOf(chosen) >= 1 };
  }

  list(): FleetList {
    const nodes = this.#nodes(null).map(({ report, state, heardMs }) => {
      const { playbooks, businesses: _businesses, run: _run, ...rest } = report;
      return { ...rest, state, heardAtMs: heardMs, warmPlaybooks: playbooks.length };
    });
    return { nodes: nodes.toSorted((a, b) => a.name.localeCompare(b.name)) };
  }

  /** The node gets no more calls, and is told to end when it has none. False for an unknown one. */
  drain(name: string): boolean {
    return this.#sql.exec('UPDATE nodes SET drain = 1 WHERE name = ?', name).rowsWritten > 0;
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    const nowMs = this.now();
    for (const { row, report } of this.#rows()) {
      if (row.silent_at_ms !== null && row.silent_at_ms <= nowMs) this.#noteSilence(row, report, nowMs);
    }
    await this.#tellLosses();
    this.#sql.exec('DELETE FROM nodes WHERE silent_at_ms IS NULL AND heard_ms < ?', nowMs - forgottenAfterMs);
    await this.#alarm.needBy(this.#nextDueMs());
  }

  #noteSilence({ silent_at_ms: dueMs, spared, heard_ms: heardMs }: NodeRow, report: NodeReport, nowMs: number): void {
    const wasAway = nowMs - (dueMs ?? nowMs) > awayMs || Math.abs(nowMs - this.#upSinceMs) < justUpMs;
    if (wasAway && spared === 0) {
      // Nobody could be heard: nodes get their full time again before their silence means anything.
      const { name } = report;
      this.#sql.exec('UPDATE nodes SET spared = 1, silent_at_ms = ? WHERE name = ?', nowMs + deadAfterMs, name);
      return;
    }
    log('error', 'a media node fell silent and counts as dead', { node: report.name, silentMs: nowMs - heardMs });
    this.#sql.exec('UPDATE nodes SET silent_at_ms = NULL WHERE name = ?', report.name);
    const placed = this.#sql
      .exec<{ business: string }>('SELECT DISTINCT business FROM placements WHERE node = ?', report.name)
      .toArray();
    for (const business of [...report.businesses, ...placed.map((each) => each.business)]) {
      this.#sql.exec('INSERT OR IGNORE INTO losses (node, business) VALUES (?, ?)', report.name, business);
    }
  }

  async #tellLosses(): Promise<void> {
    const losses = this.#sql.exec<{ node: string; business: string }>('SELECT node, business FROM losses').toArray();
    await Promise.all(
      losses.map(async ({ node, business }) => {
        try {
          await this.tellLoss(business, node);
          this.#sql.exec('DELETE FROM losses WHERE node = ? AND business = ?', node, business);
        } catch (error) {
          log('warn', 'a business could not be told of a dead media node', { node, business, error: errorText(error) });
        }
      }),
    );
  }

  #nextDueMs(): number | null {
    const { due } = this.#sql.exec<{ due: number | null }>('SELECT MIN(silent_at_ms) AS due FROM nodes').one();
    const { left } = this.#sql.exec<{ left: number }>('SELECT COUNT(*) AS left FROM losses').one();
    return left === 0 ? due : Math.min(due ?? Infinity, this.now() + retryMs);
  }

  #rows(): { readonly row: NodeRow; readonly report: NodeReport }[] {
    return this.#sql
      .exec<NodeRow>('SELECT report, heard_ms, silent_at_ms, spared, drain FROM nodes')
      .toArray()
      .map((row) => ({ row, report: v.parse(NodeReport, JSON.parse(row.report)) }));
  }

  #nodes(playbook: string | null): ListedNode[] {
    const sinceMs = this.now() - settledAfterMs;
    const placed = new Map(
      this.#sql
        .exec<{ node: string; calls: number }>(
          'SELECT node, COUNT(*) AS calls FROM placements WHERE at_ms > ? GROUP BY node',
          sinceMs,
        )
        .toArray()
        .map(({ node, calls }) => [node, calls]),
    );
    return this.#rows().map(({ row, report }) => {
      const draining = report.state === 'draining' || row.drain === 1;
      const { name, capacity, activeCalls, region } = report;
      return {
        name,
        capacity,
        activeCalls,
        region,
        state: row.silent_at_ms === null ? 'dead' : draining ? 'draining' : 'up',
        placed: placed.get(name) ?? 0,
        warm: playbook === null || report.playbooks.includes(playbook),
        report,
        heardMs: row.heard_ms,
      };
    });
  }
}
