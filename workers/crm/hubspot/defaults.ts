import type { FieldRule, Mapping } from '../mapping.ts';

const always = (value: string, values: FieldRule['values'] = null): FieldRule => ({ value, values, when: 'always' });
const ifEmpty = (value: string): FieldRule => ({ value, values: null, when: 'empty' });

/** HubSpot's own ids of call outcomes; an account can have more. */
const callOutcomes = {
  'not-reached': '73a0d17f-1163-4015-bdd5-ec830791da20',
  'wrong-person': '17b47fee-58de-441e-a44c-c6300d46f273',
  '*': 'f240bbac-87c9-4f6e-bf70-924b57d47db7',
};

/** Fields and options that every HubSpot account has. */
export const hubSpotDefaults: Mapping = {
  contact: {
    firstname: ifEmpty('{contact.firstName}'),
    lastname: ifEmpty('{contact.lastName}'),
    hubspot_owner_id: ifEmpty('{owner}'),
    hs_lead_status: always('{lead.stage}', {
      new: 'NEW',
      qualifying: 'IN_PROGRESS',
      qualified: 'OPEN_DEAL',
      booked: 'OPEN_DEAL',
      unqualified: 'UNQUALIFIED',
      'call-back': 'CONNECTED',
    }),
  },
  deal: {
    dealname: always('{deal.title}'),
    pipeline: always('default'),
    dealstage: always('{lead.stage}', {
      booked: 'appointmentscheduled',
      unqualified: 'closedlost',
      '*': 'qualifiedtobuy',
    }),
    description: always('{note.text}'),
    hubspot_owner_id: always('{owner}'),
  },
  call: {
    hs_call_title: always('Call with {contact.label}'),
    hs_call_body: always('{note.html}'),
    hs_call_direction: always('{call.direction}', { inbound: 'INBOUND', outbound: 'OUTBOUND' }),
    hs_call_disposition: always('{call.outcome}', callOutcomes),
    hs_call_duration: always('{call.durationMs}'),
    hs_call_from_number: always('{call.customerNumber}'),
    hs_call_status: always('COMPLETED'),
    hs_timestamp: always('{call.startMs}'),
    hubspot_owner_id: always('{owner}'),
  },
  note: {
    hs_note_body: always('{note.html}'),
    hs_timestamp: always('{note.at}'),
    hubspot_owner_id: always('{owner}'),
  },
  task: {
    hs_task_subject: always('Call back {contact.label}: {callBack.reason}'),
    hs_task_body: always('{note.html}'),
    hs_task_type: always('CALL'),
    hs_task_status: always('NOT_STARTED'),
    hs_task_priority: always('HIGH'),
    hs_timestamp: always('{task.dueMs}'),
    hubspot_owner_id: always('{task.owner}'),
  },
};
