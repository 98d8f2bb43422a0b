import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumServer, launchChromium, type ChromiumProcess } from '../caller/chromium.ts';
import type { Caller } from '../caller/caller.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';

let product: Product;
let chromium: ChromiumProcess;

beforeAll(async () => {
  product = await startProduct();
  chromium = await chromiumServer({ microphone: 'allow' });
});

afterAll(async () => {
  await chromium?.browser.close();
  await product?.stop();
});

/** A call in which the visitor has said what they need, then something happens. */
async function callWithNeed(): Promise<{ caller: Caller; callId: string }> {
  const call = await startCall(chromium.browser, { url: product.siteUrl, voice: 'rms' });
  await call.caller.waitForAgentTurn();
  await call.caller.say('i need a new roof');
  await call.caller.waitForAgentTurn();
  return call;
}

test('hanging up leaves a complete record', async () => {
  const { caller, callId } = await callWithNeed();
  await hangUp(caller);
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  expect(record.summary.outcome).toBe('incomplete');
  await caller.close();
});

test('closing the tab leaves a complete record', async () => {
  const { caller, callId } = await callWithNeed();
  await caller.page.close({ runBeforeUnload: false });
  const record = await expectCompleteRecord(product, callId, ['caller-hang-up', 'connection-lost']);
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  await caller.close();
});

test('a media node that is killed comes back and ends its calls as interrupted, with all that was said', async () => {
  const { caller, callId } = await callWithNeed();
  const before = product.stack.mediaNode.restarts;
  product.stack.mediaNode.kill('SIGKILL');
  await product.stack.mediaNode.whenReady();
  const record = await expectCompleteRecord(product, callId, 'interrupted', 60_000);
  expect(product.stack.mediaNode.restarts).toBe(before + 1);
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  expect(record.events.some(({ fact }) => fact.type === 'caller-turn')).toBe(true);
  await caller.close();
});

test('a killed browser leaves a complete record', async () => {
  const { callId } = await callWithNeed();
  await chromium.kill();
  const record = await expectCompleteRecord(product, callId, 'connection-lost', 60_000);
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
});

test('a caller who never speaks is asked again, then let go with a goodbye', async () => {
  const browser = await launchChromium({ microphone: 'allow' });
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForMessage('ended', 90_000);
  const record = await expectCompleteRecord(product, callId, 'caller-silent');
  expect(record.summary.outcome).toBe('no-speech');
  const turns = factsOf(record, 'agent-turn');
  const silences = factsOf(record, 'decision').filter((fact) => fact.record.trigger === 'caller-silent');
  const answered = silences.filter((fact) =>
    turns.some(({ turn, heardText }) => turn === fact.record.turn && heardText !== ''),
  );
  expect(answered.length, 'asked again at least twice, then the goodbye').toBeGreaterThanOrEqual(3);
  expect(turns.at(-1)?.act).toBe('goodbye');
  expect(record.events.some(({ fact }) => fact.type === 'caller-turn')).toBe(false);
  await browser.close();
});
