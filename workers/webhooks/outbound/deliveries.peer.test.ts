import { runDurableObjectAlarm } from 'cloudflare:test';
import { expect, inject, it, vi } from 'vitest';
import * as v from 'valibot';
import { mondayMs, setUpBusiness } from '../../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents } from '../../test/events.ts';
import { endpointsOf } from '../../test/webhook-endpoints.ts';

const Account = v.object({
  received: v.array(v.object({ id: v.string(), type: v.string(), signatures: v.number() })),
  refused: v.array(v.string()),
});

/** An account of its own at the real receiver, which knows the endpoint's secret. */
async function setUp(events: string[], answers: { status: number; location?: string; endless?: boolean }[] = []) {
  const { url } = inject('hookReceiver');
  const name = crypto.randomUUID();
  const set = await setUpBusiness();
  const endpoints = endpointsOf(set.business);
  const { endpoint, secret } = await endpoints.add(`${url}/hooks/${name}`, events);
  const behave = (secrets: string[]) =>
    fetch(`${url}/accounts/${name}`, { method: 'PUT', body: JSON.stringify({ secrets, answers }) });
  await behave([secret]);
  const account = async () => v.parse(Account, await (await fetch(`${url}/accounts/${name}`)).json());
  const send = () => postEvents(set.business, crypto.randomUUID(), inOrder([callStart(set.bundle.hash), callEnd]));
  const tried = (count: number) =>
    vi.waitFor(
      async () => {
        const log = await endpoints.log(endpoint.id);
        expect(log.flatMap(({ attempts }) => attempts)).toHaveLength(count);
        return log;
      },
      { timeout: 10_000, interval: 20 },
    );
  return { ...set, url, endpoints, id: endpoint.id, secret, behave, account, send, tried };
}

it('a real receiver proves what it is sent, also while the secret is being changed', async () => {
  const { endpoints, id, secret, behave, account, send, tried } = await setUp([
    'call.started',
    'call.ended',
    'webhook.test',
  ]);
  await send();
  await tried(2);
  const renewed = await endpoints.rotate(id, 1);
  // Whoever has not changed it yet and whoever has: both signatures are there.
  await behave([secret, renewed.secret]);
  await endpoints.ask('POST', `/${id}/test`);
  await tried(3);
  const { received, refused } = await account();
  expect(refused).toEqual([]);
  expect(received.map(({ type, signatures }) => `${type} ${signatures}`).toSorted()).toEqual([
    'call.ended 1',
    'call.started 1',
    'webhook.test 2',
  ]);
});

it('one that was away gets the same webhook again', async () => {
  const { account, send, tried, setClock, stub } = await setUp(['call.ended'], [{ status: 503 }]);
  await send();
  expect(await tried(1)).toMatchObject([{ status: 'retrying', attempts: [{ status: 503 }] }]);
  await setClock(mondayMs + 5_000);
  await runDurableObjectAlarm(stub);
  expect(await tried(2)).toMatchObject([{ status: 'delivered' }]);
  const { received } = await account();
  expect(received).toHaveLength(2);
  expect(new Set(received.map(({ id }) => id)).size).toBe(1);
});

it('one that sends it elsewhere is not followed, and one that answers without end is not listened to', async () => {
  const elsewhere = crypto.randomUUID();
  const { url, endpoints, id, send, tried } = await setUp(
    ['call.ended'],
    [
      { status: 307, location: `/hooks/${elsewhere}` },
      { status: 200, endless: true },
    ],
  );
  await send();
  expect(await tried(1)).toMatchObject([{ status: 'retrying', attempts: [{ status: 307 }] }]);
  const other = await (await fetch(`${url}/accounts/${elsewhere}`)).json();
  expect(v.parse(Account, other)).toEqual({ received: [], refused: [] });
  const [delivery] = await endpoints.log(id);
  await endpoints.ask('POST', `/${id}/deliveries/${delivery?.id}/replay`);
  expect(await tried(2)).toMatchObject([{ status: 'delivered', attempts: [{ status: 307 }, { status: 200 }] }]);
});
