import type { CallEvent } from '../../contract/call-event.ts';
import { sealProjection } from '../business/call-projection.ts';
import { readEvents, saveProjection } from '../business/event-log.ts';
import { nothingYet, project, type Projection } from '../business/projection.ts';
import type { Counts } from './erase-call.ts';
import { seal } from './vault.ts';

/** What of a call is kept for its own time. */
export type Trimmed = 'transcripts' | 'contacts';

const columns = { transcripts: 'transcript_removed_ms', contacts: 'contact_removed_ms' } as const;

/** Takes one kind of data out of a call's events, and out of all that is made of them. Runs inside a transaction. */
export function trimCall(sql: SqlStorage, callId: string, what: Trimmed, nowMs: number): Counts {
  const events = readEvents(sql, callId);
  const kept = events.flatMap((event) => trimEvent(event, what) ?? []);
  const left = new Set(kept.map(({ seq }) => seq));
  for (const { seq } of events.filter((event) => !left.has(event.seq))) {
    sql.exec('DELETE FROM events WHERE call_id = ? AND seq = ?', callId, seq);
  }
  for (const event of kept.filter((one) => !events.includes(one))) {
    const body = seal(sql, 'events.body', { call_id: callId, seq: event.seq }, JSON.stringify(event));
    sql.exec('UPDATE events SET body = ? WHERE call_id = ? AND seq = ?', body, callId, event.seq);
  }
  const before: Projection = events.reduce(project, nothingYet);
  const projection: Projection = kept.reduce(project, nothingYet);
  sql.exec(
    `UPDATE calls SET projection = ?, ${columns[what]} = ? WHERE call_id = ?`,
    sealProjection(sql, callId, projection),
    nowMs,
    callId,
  );
  if (what === 'contacts') {
    for (const table of ['leads', 'call_backs']) sql.exec(`DELETE FROM ${table} WHERE call_id = ?`, callId);
    sql.exec("UPDATE consents SET user_agent = '', page_url = NULL WHERE call_id = ?", callId);
    sql.exec("UPDATE call_attempts SET number_key = '' WHERE call_id = ?", callId);
  }
  saveProjection(sql, callId, { before, projection, events: [] });
  return { [what]: 1, events: events.length - kept.length };
}

/** What is left of an event; null for nothing. */
function trimEvent(event: CallEvent, what: Trimmed): CallEvent | null {
  const { fact } = event;
  if (what === 'transcripts') {
    return fact.type === 'caller-turn' || fact.type === 'agent-turn' || fact.type === 'decision' ? null : event;
  }
  if (fact.type === 'lead' || fact.type === 'call-back-promised') return null;
  if (fact.type !== 'call-start' || (fact.callerNumber === undefined && fact.pageUrl === undefined)) return event;
  const { callerNumber: _number, pageUrl: _page, ...start } = fact;
  return { ...event, fact: start };
}
