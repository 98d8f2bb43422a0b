import { expect, test } from 'vitest';
import type { PlacedCall } from '../../contract/outbound.ts';
import { type OrderDesk, orderRoutes } from './order-routes.ts';

const nodeKey = 'a node key of thirty-two characters';
const callId = '0193a5c1-6f0e-4a31-9c55-0a1b2c3d4e5f';
const placed: PlacedCall = {
  orderId: callId,
  callId,
  business: 'ridgeline-roofing',
  playbook: 'ab'.repeat(32),
  to: '+13035550123',
  purpose: { kind: 'call-back', contact: { name: 'Susan' } },
  ringMs: 30_000,
  leaveMessage: true,
  expiresAtMs: 2_000,
};

function node(refused?: Awaited<ReturnType<OrderDesk['take']>>, telephone = true) {
  const taken: PlacedCall[] = [];
  const desk: OrderDesk = {
    take: async (order) => {
      taken.push(order);
      return refused;
    },
    cancel: (id) => id === callId,
  };
  const app = orderRoutes({ nodeKey, desk: () => (telephone ? desk : undefined) });
  const post = async (path: string, body: unknown, key = nodeKey): Promise<number> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return (await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  return { taken, post };
}

test('who has the node key may have a call placed, and ended', async () => {
  const { taken, post } = node();
  expect(await post('/v1/orders', placed)).toBe(202);
  expect(taken).toEqual([placed]);
  expect(await post(`/v1/orders/${callId}/cancel`, {})).toBe(204);
  expect(await post('/v1/orders/0193a5c1-6f0e-4a31-9c55-0a1b2c3d4e50/cancel', {})).toBe(404);
});

test.each(['', 'another key of thirty-two characters', `${nodeKey}x`])(
  'nobody else can make the node call anybody: %j',
  async (key) => {
    const { taken, post } = node();
    expect(await post('/v1/orders', placed, key)).toBe(401);
    expect(await post(`/v1/orders/${callId}/cancel`, {}, key)).toBe(401);
    expect(taken).toEqual([]);
  },
);

test('says what is wrong with an order, and whether another node may take it', async () => {
  expect(await node().post('/v1/orders', { ...placed, to: '911; drop' })).toBe(400);
  expect(await node().post('/v1/orders', 'x'.repeat(40_000))).toBe(413);
  expect(await node({ why: 'Full.', action: 'Wait.', later: true }).post('/v1/orders', placed)).toBe(503);
  expect(await node({ why: 'No trunk.', action: 'Add one.', later: false }).post('/v1/orders', placed)).toBe(409);
  expect(await node(undefined, false).post('/v1/orders', placed)).toBe(409);
});
