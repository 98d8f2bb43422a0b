import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { onTestFinished, vi } from 'vitest';
import { AppointmentMessage, CrmMessage } from '../../contract/crm-message.ts';
import { businessesOfTest, crm } from './control-plane.ts';

export interface Received {
  readonly id: string;
  readonly message: CrmMessage;
}

type Reply = (attempt: number, message: CrmMessage) => Response;

/**
 * An owner's CRM in place of the network, for one test. It checks each signature with the reference
 * library, answers by `reply`, and keeps what it was sent.
 */
export function startReceiver(reply: Reply = () => new Response('ok')) {
  const received: Received[] = [];
  const appointments: AppointmentMessage[] = [];
  const faults: unknown[] = [];
  let answer = reply;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input instanceof Request ? input : String(input), init);
    try {
      if (request.url !== crm.url || request.method !== 'POST')
        throw new Error(`Unexpected ${request.method} ${request.url}`);
      const body = await request.text();
      new Webhook(crm.secret).verify(body, Object.fromEntries(request.headers));
      const message = v.parse(v.union([CrmMessage, AppointmentMessage]), JSON.parse(body));
      if (!businessesOfTest.has(message.data.business)) return new Response('ok');
      if (message.type === 'appointment.changed') {
        appointments.push(message);
        return new Response('ok');
      }
      received.push({ id: request.headers.get('webhook-id') ?? '', message });
      return answer(received.length, message);
    } catch (error) {
      faults.push(error);
      return new Response('bad signature', { status: 500 });
    }
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return {
    received,
    /** Of appointments that no call booked. */
    appointments,
    faults,
    answerWith(next: Reply): void {
      answer = next;
    },
  };
}
