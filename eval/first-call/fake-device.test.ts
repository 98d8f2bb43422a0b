import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../caller/chromium.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';
import { callerSpeech } from '../speech/caller-voice.ts';
import { encodeWav } from '../../server/audio/wav.ts';

/** The tape knows nothing of the agent: long pauses give it time to answer. */
const tape = [
  { silenceMs: 14_000, say: 'i need a new roof' },
  { silenceMs: 9_000, say: 'my name is susan miller' },
  { silenceMs: 9_000, say: 'what are your opening hours' },
];

let product: Product;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tape-'));
  const file = join(folder, 'tape.wav');
  await writeFile(file, encodeWav({ sampleRateHz: 48_000, pcm: await record() }));
  product = await startProduct();
  browser = await launchChromium({ microphone: 'allow', fakeDeviceFile: file });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a call through Chromium's own capture device is understood", async () => {
  const options = { url: product.siteUrl, voice: 'rms', replaceMicrophone: false } as const;
  const { caller, callId } = await startCall(browser, options);
  await caller.waitForFinalCaptions('caller', tape.length, 60_000);
  await hangUp(caller);
  const call = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(call, 'caller-turn').map(({ typed }) => typed)).toEqual(tape.map(() => false));
  expect(call.lead?.name).toBe('Susan Miller');
  expect(call.lead?.answers['need']?.value).toBeDefined();
  expect(call.lead?.askedAbout.length).toBeGreaterThanOrEqual(1);
  await caller.close();
});

async function record(): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  for (const { silenceMs, say } of tape) {
    parts.push(new Int16Array(silenceMs * 48), (await callerSpeech(say, 'rms')).sound.pcm);
  }
  parts.push(new Int16Array(2_000 * 48));
  return Int16Array.from(parts.flatMap((part) => [...part]));
}
