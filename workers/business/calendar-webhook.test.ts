import { expect, it, onTestFinished, vi } from 'vitest';
import { asStaff, request, setUpBusiness } from '../test/control-plane.ts';

const pagination = { hasNextPage: false };

/** Cal.com, with nothing booked. */
function startCalCom(): Request[] {
  const asked: Request[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input instanceof Request ? input : String(input), init);
    // Other tests' businesses, in the same worker, may still have something to send.
    if (new URL(request.url).host === 'api.cal.com') asked.push(request);
    return Response.json({ status: 'success', data: [], pagination });
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return asked;
}

async function signature(body: string, secret: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body))).toHex();
}

it('asks Cal.com what changed as soon as its webhook says that something did', async () => {
  const { business } = await setUpBusiness();
  const asked = startCalCom();
  const settings = { kind: 'calcom', apiKey: 'cal_test', eventTypes: { 'roof-inspection': 7 } };
  const path = `/v1/businesses/${business}`;
  await request('PUT', `${path}/calendars/office`, { headers: asStaff, body: settings });
  const secret = 'a secret of the webhook';
  await request('PUT', `${path}/webhook-sources/calcom`, { headers: asStaff, body: { secret } });
  // What connecting it asks for: once to try it, once to begin.
  await vi.waitFor(() => expect(asked).toHaveLength(4));
  const body = JSON.stringify({ triggerEvent: 'BOOKING_RESCHEDULED', payload: {} });
  const headers = { 'x-cal-signature-256': await signature(body, secret) };
  const answer = await request('POST', `/v1/webhooks/${business}/calcom`, { headers, body });
  expect(answer.status).toBeLessThan(300);
  await vi.waitFor(() => expect(asked).toHaveLength(6));
  const [changes] = asked.slice(4);
  expect(changes?.url).toContain('/v2/bookings?');
});
