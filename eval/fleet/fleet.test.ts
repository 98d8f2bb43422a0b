import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FleetList } from '../../contract/fleet.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { eventually } from '../product/eventually.ts';
import { type Product, startProduct } from '../product/product.ts';
import { requestSession, SignalingClient } from '../product/signaling-client.ts';
import { factsOf } from '../product/staff-client.ts';
import { SecondNode } from './second-node.ts';

/** Few calls a node, so that each one weighs enough to turn the next away. */
const env = { PARLEY_MAX_CALLS: '4' };
const clients: SignalingClient[] = [];
let product: Product;
let second: SecondNode | undefined;

beforeAll(async () => void (product = await startProduct({ env: { mediaNode: env } })));
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await second?.stop();
});
afterAll(async () => await product?.stop());

async function startSecond(more: Readonly<Record<string, string>> = {}): Promise<SecondNode> {
  second = await SecondNode.start(product, { ...env, ...more });
  await eventually(async () => ((await states()).includes('second up') ? true : undefined), {
    timeoutMs: 10_000,
    what: 'the fleet to hear of the second node',
  });
  return second;
}

async function states(): Promise<string[]> {
  const headers = { authorization: `Bearer ${product.stack.secrets.STAFF_KEY}` };
  const response = await fetch(`${product.stack.urls.control}/v1/fleet`, { headers });
  return v.parse(FleetList, await response.json()).nodes.map(({ name, state }) => `${name} ${state}`);
}

/** A typed call, wherever the fleet places it. */
async function call() {
  const answer = await requestSession(product, { mode: 'text', consentVersion: product.consentVersion });
  if (answer.status !== 'created') throw new Error('No session was given.');
  const { callId, token, signalingUrl } = answer.session;
  const client = await SignalingClient.connect(signalingUrl, new URL(product.siteUrl).origin);
  clients.push(client);
  client.send({ type: 'hello', token, mode: 'text' });
  await client.next('welcome');
  await client.next('caption');
  const say = async (text: string): Promise<void> => {
    const fromIndex = client.messages.length;
    client.send({ type: 'say', text });
    await client.next('agent-state', { fromIndex });
  };
  return {
    callId,
    client,
    say,
    onSecond: second !== undefined && signalingUrl.startsWith(second.url.replace('http', 'ws')),
  };
}

type Call = Awaited<ReturnType<typeof call>>;

/** One on each node. Calls of a test before may still weigh on one of them. */
async function callOnEach(): Promise<{ there: Call; here: Call }> {
  const calls: Call[] = [];
  for (let tries = 0; tries < 6; tries += 1) {
    calls.push(await call());
    const [there, here] = [calls.find(({ onSecond }) => onSecond), calls.find(({ onSecond }) => !onSecond)];
    if (there && here) {
      for (const other of calls) if (other !== there && other !== here) other.client.send({ type: 'hang-up' });
      return { there, here };
    }
  }
  throw new Error('Of six calls none was placed on the other node.');
}

test('a node that dies has its calls closed with all that was said; calls of the others go on, and new ones go there', async () => {
  const node = await startSecond();
  const { there, here } = await callOnEach();
  await there.say('i need a new roof');
  // What a dead node had not delivered yet is lost for as long as nobody starts it again.
  await eventually(
    async () => (factsOf(await product.staff.record(there.callId), 'caller-turn').length > 0 ? true : undefined),
    { timeoutMs: 10_000, what: 'the record to have what was said' },
  );
  node.signal('SIGKILL');
  const record = await expectCompleteRecord(product, there.callId, 'interrupted', 40_000);
  expect(factsOf(record, 'caller-turn').map(({ text }) => text)).toEqual(['i need a new roof']);
  expect(await states()).toEqual(['local up', 'second dead']);
  expect((await call()).onSecond).toBe(false);
  await here.say('i need a new roof');
  here.client.send({ type: 'hang-up' });
  await expectCompleteRecord(product, here.callId, 'caller-hang-up');
});

test('a node that is told to stop gets no new calls, lets the one that it has end by itself, and is gone', async () => {
  const node = await startSecond({ PARLEY_DRAIN_SECONDS: '60' });
  const { there, here } = await callOnEach();
  node.signal('SIGTERM');
  await eventually(async () => ((await states()).includes('second draining') ? true : undefined), {
    timeoutMs: 5_000,
    what: 'the fleet to know that the second node drains',
  });
  expect((await call()).onSecond).toBe(false);
  await there.say('i need a new roof');
  there.client.send({ type: 'hang-up' });
  await expectCompleteRecord(product, there.callId, 'caller-hang-up');
  expect(await node.exitCode).toBe(0);
  expect(await states()).toEqual(['local up']);
  here.client.send({ type: 'hang-up' });
  await expectCompleteRecord(product, here.callId, 'caller-hang-up');
});
