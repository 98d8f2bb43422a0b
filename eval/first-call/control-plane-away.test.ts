import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import { timesOffered, typingCaller, typingFacts } from '../caller/personas.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchChromium({ microphone: 'allow' });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('a control plane killed in mid-call: what happened arrives afterwards, in order, once', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  product.stack.controlPlane.kill('SIGKILL');
  await caller.say('i need a new roof');
  await caller.waitForAgentTurn();
  await product.stack.controlPlane.whenReady();
  await caller.say('about two thousand square feet');
  await caller.waitForAgentTurn();
  await hangUp(caller);
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up', 60_000);
  expect(factsOf(record, 'caller-turn')).toHaveLength(2);
  expect(record.lead?.answers).toMatchObject({ need: { value: 'new-roof' }, size: { value: 2_000 } });
  await caller.close();
});

test('a booking while the control plane is away becomes an honest promise', async () => {
  const options = { url: product.siteUrl, voice: typingCaller.voice, mode: 'text' } as const;
  const { caller, callId } = await startCall(browser, options);
  await converse(caller, typingCaller, {
    typed: true,
    beforeAnswer: async (agentSaid) => {
      if (timesOffered.test(agentSaid)) await product.stack.controlPlane.stop();
    },
  });
  expect(await caller.messages('booked')).toEqual([]);
  await product.stack.controlPlane.start();

  const record = await expectCompleteRecord(product, callId, 'agent-goodbye', 60_000);
  expect(record.summary.outcome).toBe('call-back-promised');
  expect(record.appointments).toEqual([]);
  expect(factsOf(record, 'call-back-promised')).toHaveLength(1);
  expect(factsOf(record, 'degraded').length).toBeGreaterThanOrEqual(1);
  expect(record.lead).toMatchObject({ name: typingFacts.name, email: typingFacts.email });
  await caller.close();
});
