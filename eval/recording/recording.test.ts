import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Sound } from '../../server/audio/wav.ts';
import type { Recording } from '../../contract/recording.ts';
import { launchChromium } from '../caller/chromium.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { PhoneCaller } from '../phone/phone-caller.ts';
import type { PhoneProduct } from '../phone/phone-product.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { eventually } from '../product/eventually.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordErrorRate, wordsOf } from '../speech/word-error-rate.ts';
import { fetchRecording, sidesOf } from './heard.ts';
import { startRecordedProduct } from './recorded-product.ts';

const need = 'i need a new roof';
/** What a killed node may take along: what waits for its words, and a page that was not full. */
const lostMs = 4_000;
let product: PhoneProduct;
let browser: Browser;

beforeAll(async () => {
  product = await startRecordedProduct();
  browser = await launchChromium({ microphone: 'allow' });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** The record, once all that the node has of the sound has arrived. */
const recorded = async (callId: string, enough: (recording: Recording) => boolean): Promise<CallRecord> =>
  await eventually(
    async () => {
      const record = await product.staff.record(callId);
      return record.recording !== undefined && enough(record.recording) ? record : undefined;
    },
    { timeoutMs: 30_000, what: 'the recording to arrive' },
  );

/** What a recogniser that knows these sentences hears between two moments of the call. */
async function heardBetween(
  record: CallRecord,
  sound: Sound,
  { startMs, endMs }: { startMs: number; endMs: number },
  sentences: readonly string[],
): Promise<readonly string[]> {
  const beganMs = record.events.find(({ fact }) => fact.type === 'recording-start')?.atMs ?? 0;
  const at = (ms: number): number => Math.max(0, Math.round(((ms - beganMs) * sound.sampleRateHz) / 1_000));
  const pcm = sound.pcm.slice(at(startMs - 300), at(endMs + 500));
  return (await transcribe({ ...sound, pcm }, sentences)).words;
}

async function expectBothSides(record: CallRecord, file: Uint8Array): Promise<void> {
  const { caller, agent, whole } = sidesOf(file);
  expect(whole).toBe(true);
  const agentTurns = factsOf(record, 'agent-turn').filter(({ act }) => act === 'ask');
  const sentences = [need, ...agentTurns.map(({ heardText }) => heardText)];
  const [callerTurn] = factsOf(record, 'caller-turn');
  const [agentTurn] = agentTurns;
  if (!callerTurn || !agentTurn) throw new Error('Nobody spoke.');
  const onLeft = await heardBetween(record, caller, callerTurn, sentences);
  expect(wordErrorRate(wordsOf(need), onLeft), `heard on the left: ${onLeft.join(' ')}`).toBeLessThanOrEqual(0.4);
  const onRight = await heardBetween(record, agent, agentTurn, sentences);
  const said = wordsOf(agentTurn.heardText);
  expect(wordErrorRate(said, onRight), `heard on the right: ${onRight.join(' ')}`).toBeLessThanOrEqual(0.4);
}

const Decoded = v.object({ channels: v.number(), seconds: v.number() });

/** What a browser makes of the file: a decoder that is not ours. */
async function decodedByBrowser(page: Page, file: Uint8Array): Promise<v.InferOutput<typeof Decoded>> {
  const base64 = Buffer.from(file).toString('base64');
  return v.parse(
    Decoded,
    await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(base64)}), (char) => char.codePointAt(0));
      const { numberOfChannels, duration } = await new OfflineAudioContext(2, 1, 48000).decodeAudioData(bytes.buffer);
      return { channels: numberOfChannels, seconds: duration };
    })()`),
  );
}

test('a call from a page is recorded from when it is accepted: each side on its own, in its time', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  await caller.say(need);
  await caller.waitForAgentTurn();
  await hangUp(caller);
  await expectCompleteRecord(product, callId, 'caller-hang-up');
  const record = await recorded(callId, ({ complete }) => complete);
  const file = await fetchRecording(product, callId);
  await expectBothSides(record, file);
  const seconds = (record.recording?.durationMs ?? 0) / 1_000;
  const beganMs = record.events.find(({ fact }) => fact.type === 'recording-start')?.atMs ?? 0;
  expect(Math.abs(seconds - ((record.summary.endMs ?? 0) - beganMs) / 1_000)).toBeLessThan(0.5);
  const decoded = await decodedByBrowser(caller.page, file);
  expect(decoded.channels).toBe(2);
  expect(Math.abs(decoded.seconds - seconds)).toBeLessThan(0.1);
  await caller.close();
});

test('a card number is neither in the record nor in the recording', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  await caller.say(need);
  await caller.waitForAgentTurn();
  await caller.say('my card number is four six five five three seven nine five three five two six four five nine zero');
  await caller.waitForAgentTurn();
  await hangUp(caller);
  await expectCompleteRecord(product, callId, 'caller-hang-up');
  const record = await recorded(callId, ({ complete }) => complete);
  const [redacted] = factsOf(record, 'redacted');
  expect(redacted?.kinds).toEqual(['card-number']);
  expect(JSON.stringify(record)).not.toMatch(/five three seven nine|5379/);
  const { caller: left } = sidesOf(await fetchRecording(product, callId));
  const beganMs = record.events.find(({ fact }) => fact.type === 'recording-start')?.atMs ?? 0;
  const loudest = (fromMs: number, toMs: number): number =>
    left.pcm
      .slice((fromMs - beganMs) * 16, (toMs - beganMs) * 16)
      .reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const { startMs, endMs } = redacted ?? { startMs: 0, endMs: 0 };
  expect(endMs - startMs).toBeGreaterThan(3_000);
  // What an encoder makes of digital silence.
  expect(loudest(startMs, endMs)).toBeLessThan(50);
  const [spoken] = factsOf(record, 'caller-turn');
  expect(loudest(spoken?.startMs ?? 0, spoken?.endMs ?? 0)).toBeGreaterThan(2_000);
  await caller.close();
});

test('a call by telephone is recorded from when its caller has heard that it is', async () => {
  const caller = await PhoneCaller.call(product, { number: '+17205550199' });
  await caller.converse({ voice: 'rms', rules: [{ when: /help with your roof|repair, or/i, say: need, times: 3 }] });
  caller.phone.hangUp();
  await expectCompleteRecord(product, caller.callId, 'caller-hang-up');
  const record = await recorded(caller.callId, ({ complete }) => complete);
  const types = record.events.map(({ fact }) => (fact.type === 'agent-turn' ? fact.act : fact.type));
  expect(types.indexOf('recording-start')).toBe(types.indexOf('greet') + 1);
  const { agent, caller: left, whole } = sidesOf(await fetchRecording(product, caller.callId));
  expect(whole).toBe(true);
  expect(agent.pcm.some((sample) => Math.abs(sample) > 2_000)).toBe(true);
  expect(left.pcm.some((sample) => Math.abs(sample) > 2_000)).toBe(true);
  await caller.phone.stop();
});

test('a recording survives a control plane that is away and a node that is killed, but for its last seconds', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  product.stack.controlPlane.kill('SIGKILL');
  await caller.say(need);
  await caller.waitForAgentTurn();
  await product.stack.controlPlane.whenReady();
  const killedAtMs = Date.now();
  product.stack.mediaNode.kill('SIGKILL');
  await product.stack.mediaNode.whenReady();
  const { events, summary } = await product.staff.endedRecord(callId, 60_000);
  expect(summary.endReason).toBe('interrupted');
  const beganMs = events.find(({ fact }) => fact.type === 'recording-start')?.atMs ?? 0;
  const record = await recorded(callId, ({ durationMs }) => durationMs > killedAtMs - beganMs - lostMs);
  expect(record.recording?.complete).toBe(false);
  await expectBothSides(record, await fetchRecording(product, callId));
  await caller.close();
});
