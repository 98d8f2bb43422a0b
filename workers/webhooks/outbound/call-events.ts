import type { CallEvent } from '../../../contract/call-event.ts';
import type { CrmCause } from '../../business/projection.ts';
import { noteEvent } from './events.ts';

/** What the owner's own systems are to be told because of an event of a call. `cause` is what a CRM would be told. */
export function noteCallEvent(
  sql: SqlStorage,
  callId: string,
  { seq, atMs, fact }: CallEvent,
  cause: CrmCause | null,
  nowMs: number,
): void {
  const note = (type: 'call.started' | 'call.ended' | 'lead.updated' | 'call-back.created'): void => {
    noteEvent(sql, { type, cause: `call ${callId} ${seq}`, subject: callId, atMs }, nowMs);
  };
  switch (fact.type) {
    case 'call-start':
      note('call.started');
      return;
    case 'lead':
      if (cause !== null) note('lead.updated');
      return;
    case 'call-back-promised':
      note('call-back.created');
      return;
    case 'call-end':
      note('call.ended');
      return;
    default:
  }
}

/** Its media node fell silent, and the call counts as over. */
export function noteInterrupted(sql: SqlStorage, callId: string, nowMs: number): void {
  const cause = `call ${callId} interrupted ${nowMs}`;
  noteEvent(sql, { type: 'call.ended', cause, subject: callId, atMs: nowMs }, nowMs);
}
