import type { CallRecord } from '../../contract/call-record.ts';
import type { CrmMessage } from '../../contract/crm-message.ts';
import { callNote } from '../business/call-note.ts';
import { transcriptOf, unknownLead } from '../business/projection.ts';

/** What the owner's CRM is told: the whole state each time, so that a message can be applied alone. */
export function crmMessage(type: CrmMessage['type'], call: CallRecord, nowMs: number): CrmMessage {
  const data = crmData(call);
  const note = data.call.endMs === null ? {} : { note: callNote(data) };
  return { type, timestamp: new Date(nowMs).toISOString(), data: { ...data, ...note } };
}

/** What there is to tell of a call. */
export function crmData({ business, summary, lead, appointments, events }: CallRecord): CrmMessage['data'] {
  const start = events.flatMap(({ fact }) => (fact.type === 'call-start' ? [fact] : []))[0];
  const isOutbound = start?.purpose === 'outreach' || start?.purpose === 'confirm-appointment';
  const customerNumber = isOutbound ? start.dialledNumber : start?.callerNumber;
  return {
    business,
    callId: summary.callId,
    lead: lead ?? unknownLead,
    appointments,
    call: {
      door: summary.door,
      direction: isOutbound ? 'outbound' : 'inbound',
      ...(customerNumber === undefined ? {} : { customerNumber }),
      startMs: summary.startMs,
      endMs: summary.endMs,
      endReason: summary.endReason,
      outcome: summary.outcome,
      transcript: transcriptOf(events),
    },
  };
}
