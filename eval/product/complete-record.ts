import { expect } from 'vitest';
import type { EndReason } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Product } from './product.ts';
import { eventually } from './eventually.ts';
import { factsOf } from './staff-client.ts';

/** Row R3: whatever ended the call, its record is whole, and the owner's CRM has been told once. */
export async function expectCompleteRecord(
  product: Product,
  callId: string,
  reason: EndReason | readonly EndReason[],
  timeoutMs = 30_000,
): Promise<CallRecord> {
  await product.staff.endedRecord(callId, timeoutMs);
  await product.crm.waitFor(callId, 'call.completed', timeoutMs);
  const record = await eventually(
    async () => {
      const now = await product.staff.record(callId);
      return now.deliveries.every(({ status }) => status === 'delivered') ? now : undefined;
    },
    { timeoutMs, what: `every delivery of call ${callId}` },
  );
  expect([reason].flat()).toContain(record.summary.endReason);
  // A caller by phone is told by the agent's first words.
  if (record.summary.door === 'browser') {
    expect(record.consent?.text).not.toBe('');
    expect(record.consent?.textSha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(record.events.map(({ seq }) => seq)).toEqual(record.events.map((_, index) => index));
  expect(record.events[0]?.fact.type).toBe('call-start');
  expect(factsOf(record, 'call-end').length).toBeLessThanOrEqual(1);
  for (const { text, heardText } of factsOf(record, 'agent-turn'))
    expect(text.slice(0, heardText.length)).toBe(heardText);
  expect(record.deliveries.filter(({ type }) => type === 'call.completed')).toHaveLength(1);
  expect(product.crm.of(callId, 'call.completed')).toHaveLength(1);
  expect(product.crm.refused).toEqual([]);
  return record;
}
