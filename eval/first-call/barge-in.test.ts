import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../caller/chromium.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordErrorRate, wordsOf } from '../speech/word-error-rate.ts';

/** Words by which the claim may miss the sound: the cut falls inside a word, and the recogniser guesses it. */
const cutWords = 2;

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

test('a caller who talks over the agent silences it; the record has only what was heard', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  const asked = await caller.say('do you clean up');
  const onsetMs = await caller.waitForAgentOnset(asked.endMs);
  // A second and a half into the answer: some of it has been heard, most has not.
  await caller.waitUntil(onsetMs + 1_500);
  const over = await caller.say('what are your opening hours please');
  const lastMs = await caller.lastAudibleBetween(over.startMs, over.endMs);
  await caller.waitForAgentTurn();
  await hangUp(caller);
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');

  expect(lastMs, 'the agent was talking when the caller began').not.toBeNull();
  expect(over.endMs - (lastMs ?? 0), 'silence before the caller was done').toBeGreaterThan(150);

  const cut = factsOf(record, 'agent-turn').filter(({ interrupted }) => interrupted);
  const [turn, ...unsaid] = cut;
  if (turn === undefined) throw new Error('No turn of the agent was interrupted.');
  // What was to follow the answer was not heard at all.
  expect(unsaid.map(({ heardText }) => heardText)).toEqual(unsaid.map(() => ''));
  expect(turn.text.startsWith(turn.heardText)).toBe(true);
  expect(turn.heardText.length).toBeGreaterThan(0);
  expect(turn.heardText.length).toBeLessThan(turn.text.length);

  const sound = await caller.agentAudio(onsetMs - 100, (lastMs ?? 0) + 100);
  const { words, unknownWords } = await transcribe(sound, [turn.text, turn.heardText]);
  const claimed = wordsOf(turn.heardText);
  expect(
    claimed.filter((word) => unknownWords.has(word)),
    'words that the recogniser cannot know',
  ).toEqual([]);
  const difference = wordErrorRate(claimed, words) * claimed.length;
  expect(difference, `claimed "${turn.heardText}", audible "${words.join(' ')}"`).toBeLessThanOrEqual(cutWords);
  expect(caller.page.isClosed()).toBe(false);
  await caller.close();
});
