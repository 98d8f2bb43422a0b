import { afterAll, beforeAll, expect, test } from 'vitest';
import { factsOf } from '../product/staff-client.ts';
import { placeCall, quietPorts, settled, startOutboundProduct } from './outbound-product.ts';
import type { PhoneProduct } from './phone-product.ts';
import { serveSipp } from './sipp.ts';

const numbers = {
  busy: '+13035550111',
  rejected: '+13035550112',
  invalid: '+13035550113',
  ringing: '+13035550114',
} as const;

let product: PhoneProduct;
let ports: Record<string, number>;

beforeAll(async () => {
  ports = await quietPorts(Object.values(numbers));
  product = await startOutboundProduct(ports);
});
afterAll(() => product?.stop());

test.each([
  ['busy', '486 Busy Here', 486],
  ['rejected', '603 Decline', 603],
  ['invalid', '404 Not Found', 404],
] as const)('%s: the order and the record say so', async (name, refusal, status) => {
  const number = numbers[name];
  const disposition = name === 'invalid' ? 'invalid-number' : name;
  const { done } = await serveSipp({
    scenario: 'uas-refuse.xml',
    port: ports[number] ?? 0,
    args: ['-m', '1'],
    response: refusal,
  });
  const { id } = await placeCall(product, number);
  const order = await settled(product, id);
  await done;
  expect(order).toMatchObject({
    status: name === 'busy' ? 'waiting' : 'done',
    disposition,
    attempts: [{ disposition }],
  });
  const record = await product.staff.endedRecord(order.attempts[0]?.callId ?? '');
  expect(record.summary).toMatchObject({ door: 'phone', endReason: 'not-answered', outcome: 'not-reached' });
  expect(factsOf(record, 'ringing')).toHaveLength(1);
  expect(factsOf(record, 'disposition')).toMatchObject([{ disposition, status }]);
  expect(factsOf(record, 'call-start')).toMatchObject([{ purpose: 'outreach', dialledNumber: number }]);
});

test('who does not answer is not rung for ever, and is tried again later', async () => {
  const number = numbers.ringing;
  const { done } = await serveSipp({ scenario: 'uas-rings.xml', port: ports[number] ?? 0, args: ['-m', '1'] });
  const { id } = await placeCall(product, number);
  const order = await settled(product, id);
  await done;
  expect(order).toMatchObject({ status: 'waiting', disposition: 'no-answer' });
  expect(order.nextAttemptMs).toBeGreaterThan(Date.now() + 3.9 * 3_600_000);
});
