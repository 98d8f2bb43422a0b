import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processTree } from '../bench/process-usage.ts';
import { launchChromium } from '../caller/chromium.ts';
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

function mediaWorkerPid(): number {
  const nodePid = product.stack.mediaNode.pid ?? 0;
  const pid = processTree(nodePid).find((one) => readFileSync(`/proc/${one}/comm`, 'latin1').startsWith('mediasoup'));
  if (pid === undefined) throw new Error('The media node runs no mediasoup worker.');
  return pid;
}

test('when the media worker dies the same conversation goes on', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  await caller.say('i need a new roof');
  await caller.waitForAgentTurn();

  const killed = mediaWorkerPid();
  process.kill(killed, 'SIGKILL');
  await caller.waitForMessage('media-restart');
  await caller.waitForPageMessage('ready', 2);

  const said = await caller.say('about two thousand square feet');
  const onsetMs = await caller.waitForAgentOnset(said.endMs);
  expect(onsetMs).toBeGreaterThan(said.endMs);
  await caller.waitForAgentTurn();
  expect(mediaWorkerPid()).not.toBe(killed);
  await hangUp(caller);

  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(record, 'media-restarted')).toHaveLength(1);
  expect(factsOf(record, 'call-start')).toHaveLength(1);
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  expect(record.lead?.answers['size']?.value).toBe(2_000);
  await caller.close();
});
