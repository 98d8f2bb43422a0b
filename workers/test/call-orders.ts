import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import * as v from 'valibot';
import type { CallFact } from '../../contract/call-event.ts';
import { CallOrder, type Disposition, type PlacedCall } from '../../contract/outbound.ts';
import { Problem } from '../../contract/problem.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { Business } from '../business/business.ts';
import { asStaff, mondayMs, request, setUpBusiness } from './control-plane.ts';
import { callStart, inOrder, postEvents } from './events.ts';
import type { HandOver } from '../telephony/calls/hand-over.ts';

type DispositionFact = Extract<CallFact, { type: 'disposition' }>;

export const hourMs = 3_600_000;
export const susan = '+13035550123';
export const scenarios: NonNullable<Bundle['scenarios']> = {
  outreach: [{ id: 'free-inspection', label: 'A free inspection', lines: [{ text: 'It is free.' }], flow: [] }],
  appointments: { move: true, cancel: true },
};
export const outreach = (business: string, more: Record<string, unknown> = {}) => ({
  business,
  to: susan,
  purpose: 'outreach',
  contact: { name: 'Susan Miller' },
  reason: 'free-inspection',
  consent: { basis: 'express-written', note: 'form of 3 March' },
  ...more,
});

/** A business that may call people, and media nodes that write down what they are given. Monday, 10:00 in Denver. */
export async function setUpCalls(change: Partial<Omit<Bundle, 'hash'>> = {}) {
  const set = await setUpBusiness({ scenarios, ...change });
  const given: PlacedCall[] = [];
  const hungUp: string[] = [];
  let answer: HandOver = { outcome: 'taken' };
  await runInDurableObject(set.stub, (instance: Business) => {
    instance.handOver = async (_node, call) => {
      given.push(call);
      return answer;
    };
    instance.hangUp = async (_node, callId) => {
      hungUp.push(callId);
      return { outcome: 'taken' };
    };
  });
  const order = (body: unknown, key: string = crypto.randomUUID()): Promise<Response> =>
    request('POST', '/v1/calls', { headers: { ...asStaff, 'idempotency-key': key }, body });
  return {
    ...set,
    given,
    hungUp,
    order,
    nodesAnswer(next: HandOver): void {
      answer = next;
    },
    place: async (more: Record<string, unknown> = {}): Promise<CallOrder> =>
      v.parse(CallOrder, await (await order(outreach(set.business, more))).json()),
    read: async (id: string): Promise<CallOrder> => {
      const response = await request('GET', `/v1/calls/outbound/${id}?business=${set.business}`, { headers: asStaff });
      return v.parse(CallOrder, await response.json());
    },
    alarmAt: async (nowMs: number): Promise<boolean> => {
      await set.setClock(nowMs);
      return runDurableObjectAlarm(set.stub);
    },
    /** What the node tells of a call, from its start to its end. */
    over: async (
      callId: string,
      disposition: Disposition,
      facts: CallFact[] = [],
      more: Partial<DispositionFact> = {},
    ): Promise<void> => {
      const start = { ...callStart(set.bundle.hash), door: 'phone' as const, dialledNumber: susan };
      const end: CallFact = { type: 'call-end', reason: 'not-answered', outcome: 'not-reached' };
      const told = inOrder([start, ...facts, { type: 'disposition', disposition, ...more }, end]);
      await postEvents(
        set.business,
        callId,
        told.map((event) => ({ ...event, atMs: mondayMs + 20_000 })),
      );
      // The next dials are made in the background.
      await runInDurableObject(set.stub, () => new Promise((resolve) => setTimeout(resolve, 0)));
    },
  };
}

export async function refusalOf(response: Response): Promise<Problem['error'] & { status: number }> {
  return { ...v.parse(Problem, await response.json()).error, status: response.status };
}
