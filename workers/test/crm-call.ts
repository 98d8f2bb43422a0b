import * as v from 'valibot';
import { expect, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { CallRecord, Delivery } from '../../contract/call-record.ts';
import { asStaff, callRecord, openSession, request, setUpBusiness } from './control-plane.ts';
import { callStart, inOrder, postEvents } from './events.ts';

/** A business connected to a CRM, and calls to it. */
export async function connectedBusiness(kind: string, connection: Readonly<Record<string, unknown>>) {
  const set = await setUpBusiness();
  const { business, bundle } = set;
  const connect = async (body: Readonly<Record<string, unknown>>): Promise<Response> =>
    request('PUT', `/v1/businesses/${business}/crm/${kind}`, { headers: asStaff, body });
  const answer = await connect(connection);
  const call = async (facts: CallFact[]): Promise<{ callId: string; events: ReturnType<typeof inOrder> }> => {
    const { callId } = await openSession(business);
    const events = inOrder([callStart(bundle.hash), ...facts]);
    expect((await postEvents(business, callId, events)).status).toBe(200);
    return { callId, events };
  };
  return { ...set, connect, answer, call };
}

/** Waits until the deliveries of a call are in one of these states, all of them. */
export async function settledAs(
  business: string,
  callId: string,
  ...states: Delivery['status'][]
): Promise<CallRecord['deliveries']> {
  return vi.waitFor(
    async () => {
      const { deliveries } = await callRecord(business, callId);
      expect(deliveries.length).toBeGreaterThan(0);
      expect(deliveries.filter(({ status }) => !states.includes(status))).toEqual([]);
      return deliveries;
    },
    { timeout: 20_000, interval: 20 },
  );
}

const ProblemBody = v.object({
  error: v.object({ message: v.string(), action: v.string(), field: v.optional(v.string()) }),
});

export const problemOf = async (response: Response): Promise<v.InferOutput<typeof ProblemBody>['error']> =>
  v.parse(ProblemBody, await response.json()).error;
