import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Caller } from '../caller/caller.ts';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import { typingCaller, typingFacts } from '../caller/personas.ts';
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

test('a visitor who denies the microphone is told so, types instead, and books', async () => {
  const caller = await Caller.open(browser, { url: product.siteUrl, voice: 'rms', replaceMicrophone: false });
  const widget = caller.page.locator('parley-call').first();
  await widget.getByRole('button').first().click();
  await widget.getByRole('button', { name: 'Start call' }).click();
  await widget.getByText(/microphone is blocked/i).waitFor();
  await widget.getByRole('button', { name: /type/i }).click();
  const { callId } = await caller.waitForMessage('welcome');

  await converse(caller, typingCaller, { typed: true });
  const record = await expectCompleteRecord(product, callId, 'agent-goodbye');
  expect(record.summary).toMatchObject({ mode: 'text', outcome: 'appointment-booked' });
  expect(record.lead).toMatchObject({ name: typingFacts.name, email: typingFacts.email });
  expect(record.appointments).toHaveLength(1);
  expect(record.appointments[0]?.attendee).toMatchObject({ name: typingFacts.name, email: typingFacts.email });
  expect(factsOf(record, 'caller-turn').every(({ typed }) => typed)).toBe(true);
  await caller.close();
});
