import type { CallRecord } from '../../contract/call-record.ts';
import type { CrmMessage } from '../../contract/crm-message.ts';
import { transcriptOf, unknownLead } from '../business/projection.ts';

/** What the owner's CRM is told: the whole state each time, so that a message can be applied alone. */
export function crmMessage(type: CrmMessage['type'], call: CallRecord, nowMs: number): CrmMessage {
  const { business, summary, lead, appointments, events } = call;
  return {
    type,
    timestamp: new Date(nowMs).toISOString(),
    data: {
      business,
      callId: summary.callId,
      lead: lead ?? unknownLead,
      appointments,
      call: {
        startMs: summary.startMs,
        endMs: summary.endMs,
        endReason: summary.endReason,
        outcome: summary.outcome,
        transcript: transcriptOf(events),
      },
    },
  };
}
