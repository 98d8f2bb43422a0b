import { runDurableObjectAlarm } from 'cloudflare:test';
import { vi } from 'vitest';
import { mondayMs, setUpBusiness } from './control-plane.ts';
import { callStart, inOrder, postEvents } from './events.ts';
import { startHookReceiver } from './hook-receiver.ts';
import { endpointsOf } from './webhook-endpoints.ts';

export const url = 'https://hooks.test/parley';
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A business with an owner's system that is told of it, and a call. */
export async function setUpHooks(reply?: Parameters<typeof startHookReceiver>[0], config = {}) {
  const receiver = startHookReceiver(reply);
  const set = await setUpBusiness({}, config);
  const endpoints = endpointsOf(set.business);
  const add = async (address = url, events = ['*']) => {
    const made = await endpoints.add(address, events);
    receiver.trust(address, made.secret);
    return made.endpoint.id;
  };
  const callId = crypto.randomUUID();
  const send = (...facts: Parameters<typeof inOrder>[0]) => postEvents(set.business, callId, inOrder(facts));
  const passTime = async (ms: number) => {
    await set.setClock(mondayMs + ms);
    await runDurableObjectAlarm(set.stub);
  };
  return { ...set, receiver, endpoints, add, callId, send, passTime, start: callStart(set.bundle.hash) };
}

export const settled = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 10_000, interval: 20 });
