import type { Act } from '../../contract/act.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { slotText } from '../../dialogue/phrase/values.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { MemoryCalendar } from '../../workers/scheduling/memory-calendar.ts';

/** What a tool was asked, what it answered, and the event that tells the agent. */
export interface ToolUse {
  readonly did: string;
  readonly event: DialogueEvent;
}

/** Carries out an act with a calendar in memory; null for acts that no tool is needed for. */
export function useTool(bundle: Bundle, calendar: MemoryCalendar, act: Act, nowMs: number): ToolUse | null {
  switch (act.type) {
    case 'find-slots': {
      const { requestId, service, preference, count, movingAppointmentId } = act;
      const slots = calendar.find(service, preference, count, nowMs, movingAppointmentId);
      const found = slots.map((slot) => slotText(bundle, slot)).join('; ');
      return {
        did: `find-slots ${service} ${JSON.stringify(preference)} → ${found === '' ? 'nothing free' : found}`,
        event: { type: 'slots-found', nowMs, requestId, slots },
      };
    }
    case 'book': {
      const { requestId, service, startMs, attendee } = act;
      const answer = calendar.book({ service, startMs, attendee }, nowMs);
      return {
        did: `book ${service} for ${attendee.name} → ${answer.status}`,
        event: { type: 'booking-answered', nowMs, requestId, answer },
      };
    }
    case 'find-appointment': {
      const { requestId, by } = act;
      const appointments = calendar.findAppointments(by, nowMs);
      return {
        did: `find-appointment ${by.phone ?? by.email ?? ''} → ${appointments.length} found`,
        event: { type: 'appointments-found', nowMs, requestId, appointments },
      };
    }
    case 'move-appointment': {
      const { requestId, appointmentId, startMs } = act;
      const answer = calendar.move(appointmentId, startMs, nowMs);
      return { did: `move-appointment → ${answer.status}`, event: { type: 'move-answered', nowMs, requestId, answer } };
    }
    case 'cancel-appointment': {
      const answer = calendar.cancel(act.appointmentId, nowMs);
      const event = { type: 'cancel-answered' as const, nowMs, requestId: act.requestId, answer };
      return { did: `cancel-appointment → ${answer.status}`, event };
    }
    case 'confirm-appointment': {
      const answer = calendar.confirm(act.appointmentId, nowMs);
      const event = { type: 'confirm-answered' as const, nowMs, requestId: act.requestId, answer };
      return { did: `confirm-appointment → ${answer.status}`, event };
    }
    case 'promise-call-back': {
      const { requestId, reason } = act;
      return {
        did: `promise-call-back (${reason}) → recorded`,
        event: { type: 'call-back-recorded', nowMs, requestId },
      };
    }
    case 'transfer': {
      const { requestId, to, reason } = act;
      return {
        did: `transfer to ${to.name} (${reason}) → nobody free: this is a terminal`,
        event: { type: 'transfer-answered', nowMs, requestId, answer: 'nobody-free' },
      };
    }
    default:
      return null;
  }
}
