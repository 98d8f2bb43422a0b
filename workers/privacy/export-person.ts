import type { PersonExport, PersonRequest } from '../../contract/privacy.ts';
import { appointmentRow } from '../business/appointment-rows.ts';
import { toAppointment } from '../business/appointments.ts';
import { readCallBack } from '../business/call-backs.ts';
import { readCall } from '../business/records.ts';
import { readDoNotCall } from '../telephony/calls/do-not-call.ts';
import { findOrder, toOrder } from '../telephony/calls/orders.ts';
import { findPerson } from './find-person.ts';
import { peopleBy } from '../webhooks/people.ts';

/** Everything that a business holds of one person. What is held of nobody is an empty export. */
export function exportPerson(
  sql: SqlStorage,
  request: PersonRequest,
  { business, publicUrl, nowMs }: { business: string; publicUrl: string; nowMs: number },
): PersonExport {
  const person = findPerson(sql, request);
  return {
    business,
    madeAtMs: nowMs,
    phones: person.keys.filter((key) => !isEmail(key)),
    emails: person.keys.filter(isEmail),
    calls: person.callIds.flatMap((callId) => {
      const record = readCall(sql, callId, business, publicUrl);
      if (record === null) return [];
      const recordingUrl =
        record.recording === undefined ? null : `${publicUrl}/v1/businesses/${business}/calls/${callId}/recording`;
      return [{ record, recordingUrl }];
    }),
    appointments: person.appointmentIds.flatMap((id) => {
      const row = appointmentRow(sql, id);
      return row === undefined ? [] : [toAppointment(row, business, publicUrl)];
    }),
    callBacks: person.callIds.flatMap((callId) => readCallBack(sql, callId) ?? []),
    orders: person.orderIds.flatMap((id) => {
      const row = findOrder(sql, 'id', id);
      return row === null ? [] : [toOrder(sql, row)];
    }),
    doNotCall: person.keys.flatMap((key) => readDoNotCall(sql, key) ?? []),
    elsewhere: peopleBy(sql, person.indexed),
  };
}

/** Somebody can also be called at `sip:dana@pbx.example`. */
const isEmail = (key: string): boolean => key.includes('@') && !/^sips?:/.test(key);
