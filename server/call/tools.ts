import type { DialogueEvent } from '../../dialogue/event.ts';
import { type ControlPlane, ControlPlaneError } from '../http/control-plane.ts';
import type { ToolAct } from './tool-facts.ts';

/** The agent's hands: carries out an act and tells the dialogue what came of it. Never rejects. */
export class Tools {
  readonly #controlPlane: ControlPlane;
  readonly #call: { readonly business: string; readonly callId: string };
  readonly #now: () => number;

  constructor(controlPlane: ControlPlane, call: { business: string; callId: string }, now: () => number) {
    this.#controlPlane = controlPlane;
    this.#call = { business: call.business, callId: call.callId };
    this.#now = now;
  }

  async carryOut(act: ToolAct): Promise<DialogueEvent> {
    const { requestId } = act;
    try {
      return await this.#try(act);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return { type: 'tool-failed', nowMs: this.#now(), requestId, cause };
    }
  }

  async #try(act: ToolAct): Promise<DialogueEvent> {
    const { requestId } = act;
    switch (act.type) {
      case 'find-slots': {
        const { service, preference, count } = act;
        const { slots } = await this.#controlPlane.findSlots({ ...this.#call, service, preference, count });
        return { type: 'slots-found', nowMs: this.#now(), requestId, slots };
      }
      case 'book': {
        const { service, startMs, attendee, notes } = act;
        const request = {
          ...this.#call,
          requestId,
          service,
          startMs,
          attendee,
          ...(notes === undefined ? {} : { notes }),
        };
        const answer = await this.#bookOnce(request);
        return { type: 'booking-answered', nowMs: this.#now(), requestId, answer };
      }
      case 'transfer':
        // A visitor in a browser can be handed to nobody yet: no person has a place to take the call.
        return { type: 'transfer-answered', nowMs: this.#now(), requestId, answer: 'nobody-free' };
      default:
        return act satisfies never;
    }
  }

  /** The same request twice books once: a booking whose answer was lost can be asked for again. */
  async #bookOnce(request: Parameters<ControlPlane['book']>[0]): ReturnType<ControlPlane['book']> {
    try {
      return await this.#controlPlane.book(request);
    } catch (error) {
      if (!(error instanceof ControlPlaneError) || !error.retryable) throw error;
      return this.#controlPlane.book(request);
    }
  }
}
