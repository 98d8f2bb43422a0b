import type { AppointmentMessage } from '../../contract/crm-message.ts';
import type { Appointment } from '../../contract/scheduling.ts';

export const appointmentChanged: AppointmentMessage['type'] = 'appointment.changed';

/** What the owner's CRM is told of an appointment that no call booked: how it stands, so that a message can be applied alone. */
export function appointmentMessage(
  business: string,
  appointment: Appointment,
  { changedAtMs, nowMs }: { changedAtMs: number; nowMs: number },
): AppointmentMessage {
  return {
    type: appointmentChanged,
    timestamp: new Date(nowMs).toISOString(),
    data: { business, appointment, changedAtMs },
  };
}
