import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import { Caller } from '../caller/caller.ts';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import type { Persona } from '../caller/persona.ts';
import { reschedulingCaller, typingCaller } from '../caller/personas.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchChromium({ microphone: 'deny' });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function typedCall(persona: Persona): Promise<CallRecord> {
  const caller = await Caller.open(browser, { url: product.siteUrl, voice: 'rms', replaceMicrophone: false });
  const widget = caller.page.locator('parley-call').first();
  await widget.getByRole('button').first().click();
  await widget.getByRole('button', { name: 'Start call' }).click();
  await widget.getByText(/microphone is blocked/i).waitFor();
  await widget.getByRole('button', { name: /type/i }).click();
  const { callId } = await caller.waitForMessage('welcome');
  await converse(caller, persona, { typed: true });
  const record = await expectCompleteRecord(product, callId, 'agent-goodbye');
  await caller.close();
  return record;
}

test('who has booked calls again and moves the appointment; both records and the CRM say so', async () => {
  const [booked] = (await typedCall(typingCaller)).appointments;
  const record = await typedCall(reschedulingCaller);
  const [moved] = record.appointments;
  expect(record.summary.outcome).toBe('appointment-moved');
  expect(moved?.id).toBe(booked?.id);
  expect(moved?.startMs).not.toBe(booked?.startMs);
  expect(factsOf(record, 'appointment-moved')).toMatchObject([{ fromMs: booked?.startMs, startMs: moved?.startMs }]);
  expect(record.lead).toMatchObject({ name: 'Jane Doe', email: 'jane.doe@example.com' });
  const [last] = product.crm.of(record.summary.callId, 'call.completed');
  expect(last?.message.data.appointments).toMatchObject([{ id: booked?.id, startMs: moved?.startMs }]);
  const ics = await fetch(moved?.icsUrl ?? '');
  expect(await ics.text()).toMatch(/SEQUENCE:1/);
});
