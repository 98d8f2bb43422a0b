import { createMessageBatch, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Business } from '../../business/business.ts';
import { app } from '../../http/app.ts';
import { asStaff, callRecord, crm, origin, setUpBusiness } from '../../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents } from '../../test/events.ts';
import { endpointsOf } from '../../test/webhook-endpoints.ts';
import worker from '../../index.ts';

/** As it is deployed. */
const deployed = { ...env, WEBHOOK_LOOPBACK: 'refused', DNS_RESOLVER_URL: 'https://dns.test/dns-query' };

/** A network whose every name leads to this address; what was fetched beside that is kept. */
function startNetwork(address: string): string[] {
  const fetched: string[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.host === 'dns.test') return Response.json({ Status: 0, Answer: [{ type: 1, data: address }] });
    fetched.push(url.href);
    return Promise.resolve(new Response());
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return fetched;
}

it('where it is deployed, neither webhooks nor the CRM webhook may be sent to this machine or in the clear', async () => {
  const { business } = await setUpBusiness();
  const ask = (method: string, path: string, body: unknown) =>
    app.request(
      `/v1/businesses/${business}${path}`,
      { method, headers: asStaff, body: JSON.stringify(body) },
      deployed,
    );
  for (const url of ['http://127.0.0.1:9000/', 'https://localhost/', 'http://crm.example/', 'https://[::1]/']) {
    expect((await ask('POST', '/webhook-endpoints', { url })).status).toBe(400);
    const refused = await ask('PUT', '', { origins: [origin], crm: { ...crm, url } });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { field: 'crm.url' } }]);
  }
  expect((await ask('PUT', '', { origins: [origin], crm })).status).toBe(204);
});

it.each([
  ['10.0.0.8', 'private network'],
  ['93.184.216.34', null],
])('a name that leads to %s by the time of the attempt', async (address, trouble) => {
  const fetched = startNetwork(address);
  const { business, bundle, stub } = await setUpBusiness({}, { crm });
  const endpoints = endpointsOf(business);
  const { endpoint } = await endpoints.add('https://hooks.example/parley', ['call.ended']);
  const callId = crypto.randomUUID();
  // The queue's consumers have the settings of development: what they were to send is sent here instead.
  const taken: { queue: string; body: unknown }[] = [];
  const take = (queue: string) => async (body: unknown) => {
    taken.push({ queue, body });
    return Promise.resolve();
  };
  await runInDurableObject(stub, (instance: Business) => {
    instance.enqueue = take('parley-crm');
    instance.enqueueHook = take('parley-hooks');
  });
  await postEvents(business, callId, inOrder([callStart(bundle.hash), callEnd]));
  for (const { queue, body } of taken.splice(0)) {
    await worker.queue(createMessageBatch(queue, [{ id: '1', timestamp: new Date(), attempts: 1, body }]), deployed);
  }
  const [delivery] = await endpoints.log(endpoint.id);
  const crmDelivery = (await callRecord(business, callId)).deliveries[0];
  if (trouble === null) {
    expect([delivery?.status, crmDelivery?.status]).toEqual(['delivered', 'delivered']);
    expect(fetched.toSorted()).toEqual([crm.url, 'https://hooks.example/parley']);
  } else {
    expect([delivery?.status, crmDelivery?.status]).toEqual(['retrying', 'retrying']);
    expect(delivery?.attempts[0]?.error).toContain(trouble);
    expect(crmDelivery?.lastError).toContain(trouble);
    expect(fetched).toEqual([]);
  }
});
