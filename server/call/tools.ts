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

  /** Keeps a time for this call. Without the hold it may still be booked, so nobody is told how it went. */
  async hold(service: string, startMs: number, movingAppointmentId?: string): Promise<void> {
    const moving = movingAppointmentId === undefined ? {} : { movingAppointmentId };
    await this.#controlPlane.hold({ ...this.#call, service, startMs, ...moving }).catch(() => undefined);
  }

  /** Who is known to call from a number. Undefined too where the answer is late: nobody waits for it. */
  async callerName(phone: string): Promise<string | undefined> {
    const answer = await this.#controlPlane.findPerson(this.#call.business, phone).catch(() => undefined);
    return answer?.person?.name ?? undefined;
  }

  async #try(act: ToolAct): Promise<DialogueEvent> {
    const { requestId } = act;
    switch (act.type) {
      case 'find-slots': {
        const { service, preference, count, movingAppointmentId } = act;
        const moving = movingAppointmentId === undefined ? {} : { movingAppointmentId };
        const query = { ...this.#call, service, preference, count, ...moving };
        const { slots, degraded } = await this.#controlPlane.findSlots(query);
        const found = { type: 'slots-found' as const, nowMs: this.#now(), requestId, slots };
        return degraded === undefined ? found : { ...found, degraded };
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
        const answer = await this.#insist(() => this.#controlPlane.book(request));
        return { type: 'booking-answered', nowMs: this.#now(), requestId, answer };
      }
      case 'find-appointment': {
        const { appointments } = await this.#insist(() =>
          this.#controlPlane.findAppointments({ ...this.#call, by: act.by }),
        );
        return { type: 'appointments-found', nowMs: this.#now(), requestId, appointments };
      }
      case 'move-appointment': {
        const { appointmentId, startMs } = act;
        const request = { ...this.#call, requestId, appointmentId, startMs };
        const answer = await this.#insist(() => this.#controlPlane.moveAppointment(request));
        return { type: 'move-answered', nowMs: this.#now(), requestId, answer };
      }
      case 'cancel-appointment': {
        const request = { ...this.#call, requestId, appointmentId: act.appointmentId };
        const answer = await this.#insist(() => this.#controlPlane.cancelAppointment(request));
        return { type: 'cancel-answered', nowMs: this.#now(), requestId, answer };
      }
      case 'confirm-appointment': {
        const request = { ...this.#call, requestId, appointmentId: act.appointmentId };
        const answer = await this.#insist(() => this.#controlPlane.confirmAppointment(request));
        return { type: 'confirm-answered', nowMs: this.#now(), requestId, answer };
      }
      default:
        return act satisfies never;
    }
  }

  /** The same request twice does a thing once: one whose answer was lost can be sent again. */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ControlPlaneError) || error.retry !== 'at-once') throw error;
      return await ask();
    }
  }
}
