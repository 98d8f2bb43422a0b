import type { WebhookEventData, WebhookEventType } from '../../../contract/webhook-event.ts';
import { readAppointment } from '../../business/appointments.ts';
import { readCallBack } from '../../business/call-backs.ts';
import { readDelivery } from '../../business/deliveries.ts';
import { readCall } from '../../business/records.ts';
import { crmMessage } from '../../crm/message.ts';

interface EventRow extends Record<string, SqlStorageValue> {
  id: string;
  type: WebhookEventType;
  subject: string;
  facts: string;
  at_ms: number;
}

export interface RenderContext {
  readonly business: string;
  readonly publicUrl: string;
  readonly nowMs: number;
}

/** The body that says what happened, as things are by now; null where what it is about was erased. */
export function renderEvent(sql: SqlStorage, eventId: string, context: RenderContext): string | null {
  const [row] = sql.exec<EventRow>('SELECT * FROM webhook_events WHERE id = ?', eventId).toArray();
  const data = row === undefined ? null : dataOf(sql, row, context);
  if (row === undefined || data === null) return null;
  const occurredAt = new Date(row.at_ms).toISOString();
  return JSON.stringify({ id: row.id, type: row.type, occurredAt, business: context.business, data });
}

function dataOf(sql: SqlStorage, row: EventRow, context: RenderContext): WebhookEventData[WebhookEventType] | null {
  const { type, subject } = row;
  switch (type) {
    case 'call.started':
    case 'call.ended':
    case 'lead.updated':
      return callData(sql, type, subject, context);
    case 'appointment.booked':
    case 'appointment.moved':
    case 'appointment.cancelled':
    case 'appointment.confirmed':
      return appointmentData(sql, row, context);
    case 'call-back.created':
    case 'call-back.done': {
      const callBack = readCallBack(sql, subject);
      return callBack === null ? null : { callBack };
    }
    case 'delivery.failed':
      return failureData(sql, row);
    case 'webhook.disabled': {
      const { reason }: { reason: string } = JSON.parse(row.facts);
      return { endpointId: subject, reason };
    }
    case 'webhook.test':
      return { message: 'This is a test. If its signature fits, the endpoint is set up.' };
    default:
      return type satisfies never;
  }
}

function callData(
  sql: SqlStorage,
  type: 'call.started' | 'call.ended' | 'lead.updated',
  callId: string,
  { business, publicUrl, nowMs }: RenderContext,
): WebhookEventData['call.started' | 'call.ended' | 'lead.updated'] | null {
  const record = readCall(sql, callId, business, publicUrl);
  // Of a call whose content was erased neither is left.
  if (record === null || (record.events.length === 0 && record.consent === null)) return null;
  const { business: _, ...whole } = crmMessage('call.completed', record, nowMs).data;
  if (type === 'call.ended') return whole;
  const { lead, appointments, call } = whole;
  if (type === 'lead.updated') return { callId, lead, appointments };
  const { transcript: _said, endMs: _end, endReason: _reason, outcome: _outcome, ...begun } = call;
  return { callId, call: begun };
}

function appointmentData(
  sql: SqlStorage,
  { type, subject, facts }: EventRow,
  { business, publicUrl }: RenderContext,
): WebhookEventData['appointment.booked' | 'appointment.moved'] | null {
  const appointment = readAppointment(sql, subject, business, publicUrl);
  if (appointment === null) return null;
  if (type !== 'appointment.moved') return { appointment };
  const { fromMs, startMs }: { fromMs: number; startMs: number } = JSON.parse(facts);
  return { fromMs, startMs, appointment };
}

function failureData(sql: SqlStorage, { subject, facts }: EventRow): WebhookEventData['delivery.failed'] | null {
  const { destination }: { destination: string } = JSON.parse(facts);
  const failed = destination === 'endpoint' ? failedHook(sql, subject) : failedCrmDelivery(sql, subject);
  return failed === null ? null : { deliveryId: subject, destination, ...failed };
}

type Failed = Pick<WebhookEventData['delivery.failed'], 'endpointId' | 'type' | 'attempts' | 'error'>;

function failedHook(sql: SqlStorage, id: string): Failed | null {
  const [row] = sql
    .exec<{ endpoint_id: string; type: string; attempts: number; error: string | null }>(
      `SELECT endpoint_id, e.type, attempts,
         (SELECT error FROM webhook_attempts WHERE delivery_id = d.id ORDER BY rowid DESC LIMIT 1) AS error
       FROM webhook_deliveries d JOIN webhook_events e ON e.id = event_id WHERE d.id = ?`,
      id,
    )
    .toArray();
  if (row === undefined) return null;
  return { endpointId: row.endpoint_id, type: row.type, attempts: row.attempts, error: row.error ?? '' };
}

function failedCrmDelivery(sql: SqlStorage, id: string): Failed | null {
  const delivery = readDelivery(sql, id);
  if (delivery === null) return null;
  const { type, attempts, lastError } = delivery;
  return { endpointId: null, type, attempts, error: lastError ?? '' };
}
