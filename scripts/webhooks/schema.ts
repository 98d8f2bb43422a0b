import { toJsonSchema } from '@valibot/to-json-schema';
import { CallBack } from '../../contract/call-back.ts';
import { Lead } from '../../contract/lead.ts';
import { Appointment } from '../../contract/scheduling.ts';
import { webhookEventOf, webhookEvents, type WebhookEventType } from '../../contract/webhook-event.ts';

/** When each event is sent, and what of it is in `data`, for people. */
const events: Readonly<Record<WebhookEventType, { when: string; data: string }>> = {
  'call.started': { when: 'a call began', data: '`callId`, `call`: door, direction, number of the other side' },
  'call.ended': {
    when: 'a call is over; one that was closed as `interrupted` and comes back ends once more',
    data: '`callId`, `lead`, `appointments`, `call` with its outcome and transcript',
  },
  'lead.updated': {
    when: 'there is a name and a way to reach the person, or the lead came to another stage; that it is `booked` is told with the appointment',
    data: '`callId`, `lead`, `appointments`',
  },
  'appointment.booked': {
    when: 'an appointment was booked, on a call or by staff (`callId` is then `null`)',
    data: '`appointment`',
  },
  'appointment.moved': {
    when: 'it was moved: on a call, by staff or in a calendar elsewhere',
    data: '`fromMs`, `startMs`, `appointment`',
  },
  'appointment.cancelled': {
    when: 'it was cancelled: on a call, by staff or in a calendar elsewhere',
    data: '`appointment`',
  },
  'appointment.confirmed': { when: 'the customer said that they will be there', data: '`appointment`' },
  'call-back.created': { when: 'a call back was promised', data: '`callBack`: to whom, by whom, by when' },
  'call-back.done': { when: 'somebody says that they made it', data: '`callBack`' },
  'delivery.failed': {
    when: 'a message to a CRM or to another endpoint was given up',
    data: '`deliveryId`, `destination`, `endpointId`, `type`, `attempts`, `error`',
  },
  'webhook.disabled': { when: 'another endpoint is sent nothing any more', data: '`endpointId`, `reason`' },
  'webhook.test': { when: 'you asked for it; goes to that endpoint alone', data: '`message`' },
};

const types = Object.keys(events) as WebhookEventType[];

/** The JSON Schema of what is sent, one definition for each event. */
export function eventSchema(): object {
  const definitions = { Lead, Appointment, CallBack };
  const options = { definitions, errorMode: 'ignore' } as const;
  const made = types.map((type) => {
    const { $schema: _, $defs, ...schema } = toJsonSchema(webhookEventOf(type, webhookEvents[type]), options);
    return { type, $defs, schema: { description: `Sent when ${events[type].when}.`, ...schema } };
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A Parley webhook',
    oneOf: made.map(({ type }) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.assign(
      Object.fromEntries(made.map(({ type, schema }) => [type, schema])),
      ...made.map(({ $defs }) => $defs),
    ),
  };
}

/** The same as a table of docs/webhooks.md. */
export function eventTable(): string {
  const rows = types.map((type) => `| \`${type}\` | ${events[type].when} | ${events[type].data} |`);
  return ['| event | sent when | `data` |', '|---|---|---|', ...rows].join('\n');
}
