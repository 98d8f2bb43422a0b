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
      const { requestId, service, preference, count } = act;
      const slots = calendar.find(service, preference, count, nowMs);
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
