import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import { rehearse } from '../caller/persona.ts';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import { doubtfulCaller, doubtfulFacts } from '../caller/personas.ts';
import { startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';

let product: Product;
let browser: Browser;
let record: CallRecord;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchChromium({ microphone: 'allow' });
  const persona = doubtfulCaller('awb');
  await rehearse(persona);
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: persona.voice });
  await converse(caller, persona);
  record = await expectCompleteRecord(product, callId, 'agent-goodbye');
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('an objection to the price is recognised and answered from the facts', () => {
  expect(record.lead?.objections.map(({ id }) => id)).toContain(doubtfulFacts.objection);
  const handled = factsOf(record, 'decision').find((fact) => fact.record.chosen.act === 'handle-objection');
  expect(handled?.record.cites.length).toBeGreaterThanOrEqual(1);
});

test('a question is answered in the middle of the call, with the fact it came from', () => {
  expect(record.lead?.askedAbout.length).toBeGreaterThanOrEqual(1);
  const answered = factsOf(record, 'decision').filter((fact) => fact.record.chosen.act === 'answer');
  expect(answered.flatMap((fact) => fact.record.cites).length).toBeGreaterThanOrEqual(1);
});

test('a corrected digit of the phone number is what the lead has', () => {
  expect(record.lead?.phone).toBe(doubtfulFacts.phone);
  expect(record.lead?.name).toBe(doubtfulFacts.name);
});

test('asking for a person becomes a promised call-back, and no appointment', () => {
  expect(record.summary.outcome).toBe('call-back-promised');
  expect(factsOf(record, 'call-back-promised')).toHaveLength(1);
  expect(record.lead).toMatchObject({ stage: 'call-back', callBack: { reason: expect.any(String) } });
  expect(record.appointments).toEqual([]);
});
