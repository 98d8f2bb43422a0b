import type { Browser } from 'playwright-core';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { callerSpeech } from '../speech/caller-voice.ts';
import { bookingCaller, doubtfulCaller, questions } from '../caller/personas.ts';
import { startProduct, type Product } from '../product/product.ts';
import { joinTurns, latencyReport, latencyTable, type LatencyReport, type MeasuredTurn } from './latency-report.ts';

/** Silence that proves that the agent stopped, and did not just take a breath. */
const bargeInSilenceMs = 150;
const bargeInSamples = 12;
/** Into the agent's turn: it is well under way, and not yet over. */
const bargeInAfterMs = 700;

export interface LatencyRun {
  readonly report: LatencyReport;
  readonly table: string;
}

/** Whole calls in a real browser against the whole product. `progress` hears one line a turn. */
export async function runLatency(options: { turns: number; progress: (line: string) => void }): Promise<LatencyRun> {
  const product = await startProduct();
  try {
    const browser = await launchChromium({ microphone: 'allow' });
    try {
      const turns = await measureTurns(product, browser, options);
      const bargeIns = await measureBargeIns(product, browser, options.progress);
      const report = latencyReport(turns, bargeIns);
      return { report, table: latencyTable(report, bargeIns.length) };
    } finally {
      await browser.close();
    }
  } finally {
    await product.stop();
  }
}

async function measureTurns(
  product: Product,
  browser: Browser,
  { turns: wanted, progress }: { turns: number; progress: (line: string) => void },
): Promise<MeasuredTurn[]> {
  const turns: MeasuredTurn[] = [];
  for (let call = 1; turns.length < wanted; call += 1) {
    const persona = call % 2 === 1 ? bookingCaller('rms') : doubtfulCaller('awb');
    await Promise.all(persona.rules.map(({ say }) => callerSpeech(say, persona.voice)));
    const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: persona.voice });
    const exchanges = await converse(caller, persona, {
      onExchange: ({ callerSaid, lastSampleMs, onsetMs }) => {
        if (lastSampleMs === null || onsetMs === null) return;
        progress(`call ${call}: ${String(Math.round(onsetMs - lastSampleMs)).padStart(5)} ms after "${callerSaid}"`);
      },
    });
    await caller.close();
    const record = await product.staff.endedRecord(callId);
    const measured = joinTurns(exchanges, record.events);
    if (measured.length === 0) throw new Error(`Call ${callId} had no turn that could be measured.`);
    turns.push(...measured.slice(0, wanted - turns.length));
  }
  return turns;
}

/** Every question is asked over the answer to the one before. */
async function measureBargeIns(
  product: Product,
  browser: Browser,
  progress: (line: string) => void,
): Promise<number[]> {
  const samples: number[] = [];
  await Promise.all(questions.map((question) => callerSpeech(question, 'rms')));
  const { caller } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  let said = await caller.say(questions[0]);
  for (let index = 1; samples.length < bargeInSamples; index += 1) {
    if (index > 2 * bargeInSamples) throw new Error(`Only ${samples.length} barge-ins in ${index} tries.`);
    await caller.waitUntil((await caller.waitForAgentOnset(said.endMs)) + bargeInAfterMs);
    said = await caller.say(questions[index % questions.length] ?? questions[0]);
    const silentMs = await caller.lastAudibleBetween(said.startMs, said.endMs);
    if (silentMs === null) continue;
    if (said.endMs - silentMs < bargeInSilenceMs) throw new Error('The agent talked through a barge-in.');
    samples.push(silentMs - said.startMs);
    progress(`barge-in ${samples.length}: ${Math.round(silentMs - said.startMs)} ms to silence`);
  }
  await hangUp(caller);
  await caller.close();
  return samples;
}
