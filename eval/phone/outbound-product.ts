import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as v from 'valibot';
import { CallOrder, defaultOutboundRules } from '../../contract/outbound.ts';
import { contentHash } from '../../dialogue/playbook/content-hash.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { eventually } from '../product/eventually.ts';
import { startPhoneProduct, type PhoneProduct } from './phone-product.ts';

/** Ports that nobody is given by chance while a peer is not there yet: below those that the system hands out. */
export async function quietPorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const from = 20_000 + 8 * Math.floor(Math.random() * 1_200);
  const free = await Promise.all(Array.from({ length: 8 }, (_, index) => isFree(from + index)));
  if (!free.every(Boolean) || names.length > free.length) return quietPorts(names);
  return Object.fromEntries(names.map((name, index) => [name, from + index])) as Record<Name, number>;
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** The product, with trunks to telephones on the loopback: each number has its port. At any hour, and soon again. */
export async function startOutboundProduct(ports: Readonly<Record<string, number>>): Promise<PhoneProduct> {
  const trunks = Object.entries(ports).map(([number, port], index) => ({
    name: `peer-${index}`,
    addresses: ['127.0.0.1'],
    address: `127.0.0.1:${port}`,
    callerId: '+17205550100',
    keepAlive: false,
    dial: [number],
  }));
  const product = await startPhoneProduct({ env: { PARLEY_SIP_TRUNKS: JSON.stringify(trunks) } });
  const { hash: _, ...content } = await demoBundle();
  const days: (typeof defaultOutboundRules)['hours'][number]['days'] = [1, 2, 3, 4, 5, 6, 7];
  const hours = [{ days, from: '00:00', to: '00:00' }];
  const always = { ...content, outbound: { ...defaultOutboundRules, hours, ringS: 5, concurrent: 5 } };
  await product.staff.put('/playbook', { hash: await contentHash(always), ...always });
  return product;
}

/** Orders a call to Susan Miller about a free inspection. */
export async function placeCall(product: PhoneProduct, to: string): Promise<CallOrder> {
  const { urls, secrets, business } = product.stack;
  const response = await fetch(`${urls.control}/v1/calls`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secrets.STAFF_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({
      business,
      to,
      purpose: 'outreach',
      contact: { name: 'Susan Miller' },
      reason: 'free-inspection',
      consent: { basis: 'express' },
    }),
  });
  if (response.status !== 201) throw new Error(`POST /v1/calls answered ${response.status}: ${await response.text()}`);
  return v.parse(CallOrder, await response.json());
}

export async function readOrder({ stack: { urls, secrets, business } }: PhoneProduct, id: string): Promise<CallOrder> {
  const response = await fetch(`${urls.control}/v1/calls/outbound/${id}?business=${business}`, {
    headers: { authorization: `Bearer ${secrets.STAFF_KEY}` },
  });
  return v.parse(CallOrder, await response.json());
}

/** The order once its attempt is over. */
export async function settled(product: PhoneProduct, id: string, timeoutMs = 30_000): Promise<CallOrder> {
  return await eventually(
    async () => {
      const order = await readOrder(product, id);
      return order.disposition === null ? undefined : order;
    },
    { timeoutMs, what: 'the ordered call to be over' },
  );
}
