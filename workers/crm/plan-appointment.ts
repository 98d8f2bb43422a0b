import type { AppointmentMessage } from '../../contract/crm-message.ts';
import type { LeadStage } from '../../contract/lead.ts';
import { timeText } from '../business/call-note.ts';
import type { Identity } from './crm.ts';
import { htmlOf, textOf, type NoteLine } from './note.ts';
import { planOf, type CrmPlan, type PlanContext } from './plan.ts';
import { dateValues, knownValues, labelOf, nameValues, ownerIn, type Values } from './values.ts';

const untilCloseMs = 30 * 86_400_000;

/**
 * What an appointment that staff booked means for a CRM: contact, deal and note with the next step, as of one that a call booked.
 * There was no call, so none is logged. Null for a customer whom nobody could find again.
 */
export function planAppointment(
  message: AppointmentMessage,
  context: Omit<PlanContext, 'transcriptUrl'>,
): CrmPlan | null {
  const { attendee, status } = message.data.appointment;
  const identity = identityOf(message);
  if (identity === null) return null;
  const isBooked = status === 'booked';
  return planOf({
    identity,
    label: attendee.name,
    values: valuesOf(message, identity, context.owners),
    context,
    isDealWorth: isBooked && context.dealStages.includes('booked'),
    writes: { call: false, note: true, task: false },
  });
}

function identityOf({ data: { appointment } }: AppointmentMessage): Identity | null {
  const { email, phone } = appointment.attendee;
  if (email === undefined && phone === undefined) return null;
  return {
    ...(email === undefined ? {} : { email: email.trim().toLowerCase() }),
    ...(phone === undefined ? {} : { phone }),
  };
}

function valuesOf({ data }: AppointmentMessage, identity: Identity, owners: PlanContext['owners']): Values {
  const { appointment, changedAtMs } = data;
  const { serviceName, startMs, attendee, staff, status } = appointment;
  const isBooked = status === 'booked';
  // One that was cancelled may be booked anew: the deal is not lost.
  const stage: LeadStage = isBooked ? 'booked' : 'qualified';
  const owner = ownerIn(owners, staff);
  const lines = linesOf(data);
  return knownValues({
    ...nameValues(attendee.name, identity),
    'contact.label': labelOf(attendee.name, identity),
    'lead.stage': stage,
    owner,
    'task.owner': owner,
    'deal.title': capitalise(`${serviceName} for ${attendee.name}`),
    ...(isBooked
      ? {
          'appointment.service': serviceName,
          'appointment.startsAt': new Date(startMs).toISOString(),
          'appointment.startMs': startMs,
          nextStep: serviceName,
          ...dateValues('nextStep', startMs),
        }
      : {}),
    'deal.closeDate': new Date(isBooked ? startMs : changedAtMs + untilCloseMs).toISOString().slice(0, 10),
    'note.at': new Date(changedAtMs).toISOString(),
    'note.summary': summaryOf(data),
    'note.text': textOf(lines),
    'note.html': htmlOf(lines),
  });
}

function summaryOf({ appointment }: AppointmentMessage['data']): string {
  const { serviceName, startMs, timeZone, attendee, status } = appointment;
  const what = `${serviceName} for ${attendee.name}, ${timeText(startMs, timeZone)}`;
  return status === 'booked' ? `Booked by staff: ${what}.` : `Cancelled: ${what}.`;
}

function linesOf(data: AppointmentMessage['data']): NoteLine[] {
  const { serviceName, startMs, timeZone, staff, status, confirmedAtMs } = data.appointment;
  return [
    ['Summary', summaryOf(data)],
    ['Next step', status === 'booked' ? `${serviceName}, ${timeText(startMs, timeZone)}` : null],
    ['Done by', staff],
    ['Confirmed', confirmedAtMs === undefined ? null : timeText(confirmedAtMs, timeZone)],
  ];
}

const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
