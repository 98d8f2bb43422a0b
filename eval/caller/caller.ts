import type { Browser, BrowserContext, Page } from 'playwright-core';
import * as v from 'valibot';
import { ClientMessage, ServerMessage } from '../../contract/signaling.ts';
import { callerSpeech, type CallerVoice, type Speech } from '../speech/caller-voice.ts';
import { resample } from '../../server/audio/resampler.ts';
import type { Sound } from '../../server/audio/wav.ts';
import type { CallerApi } from '../page/caller-api.ts';
import { samplesFromBase64, samplesToBase64 } from '../page/base64.ts';
import { callerScript } from './bundle-page.ts';

const Tapped = v.array(
  v.variant('from', [
    v.object({ from: v.literal('node'), atMs: v.number(), message: ServerMessage }),
    v.object({ from: v.literal('page'), atMs: v.number(), message: ClientMessage }),
  ]),
);
export type Spoken = Awaited<ReturnType<CallerApi['say']>>;
export type TurnHeard = Awaited<ReturnType<CallerApi['waitForAgentTurn']>>;
export type TappedSignal = v.InferOutput<typeof Tapped>[number];
export type AgentMessage<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

export interface CallerOptions {
  readonly url: string;
  readonly voice: CallerVoice;
  /** False leaves the page Chromium's own device. */
  readonly replaceMicrophone?: boolean;
}

/** Agent silent this long, and listening: it has finished. Longer than any pause inside its turns. */
const turnOverSilenceMs = 300;

/** A visitor: opens a page in a browser, speaks, and hears. Times are milliseconds since the Unix epoch. */
export class Caller {
  readonly page: Page;
  readonly voice: CallerVoice;
  private readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, voice: CallerVoice) {
    this.context = context;
    this.page = page;
    this.voice = voice;
  }

  static async open(browser: Browser, options: CallerOptions): Promise<Caller> {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1_280, height: 800 } });
    await context.addInitScript({
      content: await callerScript({ replaceMicrophone: options.replaceMicrophone ?? true }),
    });
    const page = await context.newPage();
    await page.goto(options.url);
    return new Caller(context, page, options.voice);
  }

  /** Resolves when it has been said: when its first and its last audible sample left. */
  async say(text: string, options: { readonly voice?: CallerVoice } = {}): Promise<Spoken> {
    return await this.utter(await callerSpeech(text, options.voice ?? this.voice));
  }

  /** The same with a sound at 48 kHz. */
  async utter({ sound, audibleFromMs, audibleToMs }: Speech): Promise<Spoken> {
    const samples = samplesToBase64(sound.pcm);
    const { startMs } = await this.page.evaluate((base64) => parleyCaller.say(base64), samples);
    return { startMs: startMs + audibleFromMs, endMs: startMs + audibleToMs };
  }

  /** From now on this sound (48 kHz) is around the caller, over and over. */
  async surround(pcm: Int16Array): Promise<void> {
    await this.page.evaluate((base64) => parleyCaller.surround(base64), samplesToBase64(pcm));
  }

  /** When the agent has answered and listens again. */
  async waitForAgentTurn(timeoutMs = 40_000): Promise<TurnHeard> {
    return await this.page.evaluate(([silenceMs, limitMs]) => parleyCaller.waitForAgentTurn(silenceMs, limitMs), [
      turnOverSilenceMs,
      timeoutMs,
    ] as const);
  }

  /** The same in a typed call: when the agent's words are there and it waits for an answer. */
  async waitForAgentWords(timeoutMs = 20_000): Promise<{ onsetMs: null }> {
    await this.page.evaluate((limitMs) => parleyCaller.waitForAgentWords(limitMs), timeoutMs);
    return { onsetMs: null };
  }

  /** Until the page shows that many finished lines of a speaker. */
  async waitForFinalCaptions(who: 'agent' | 'caller', count: number, timeoutMs: number): Promise<void> {
    await this.page.waitForFunction(
      ([speaker, least]) => parleyCaller.countFinalCaptions(speaker) >= least,
      [who, count] as const,
      { timeout: timeoutMs, polling: 100 },
    );
  }

  /** Until the page has sent that many messages of a type. */
  async waitForPageMessage(type: ClientMessage['type'], count: number, timeoutMs = 20_000): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, least]) => parleyCaller.countMessages(wanted, 'page') >= least,
      [type, count] as const,
      { timeout: timeoutMs, polling: 50 },
    );
  }

  /** Until a moment of the page's clock. */
  async waitUntil(atMs: number): Promise<void> {
    await this.page.waitForFunction((until) => Date.now() >= until, atMs, { timeout: 60_000, polling: 10 });
  }

  async countMessages(type: ServerMessage['type']): Promise<number> {
    return await this.page.evaluate((wanted) => parleyCaller.countMessages(wanted, 'node'), type);
  }

  /** First audible moment of the agent at or after `fromMs`. */
  async waitForAgentOnset(fromMs: number, timeoutMs = 20_000): Promise<number> {
    return await this.page.evaluate(([from, limitMs]) => parleyCaller.waitForAgentOnset(from, limitMs), [
      fromMs,
      timeoutMs,
    ] as const);
  }

  /** Last audible moment of the agent after `fromMs` that `silenceMs` of silence follow. */
  async waitForSilence(fromMs: number, silenceMs: number, timeoutMs = 20_000): Promise<number> {
    return await this.page.evaluate(([from, silence, limitMs]) => parleyCaller.waitForSilence(from, silence, limitMs), [
      fromMs,
      silenceMs,
      timeoutMs,
    ] as const);
  }

  /** Last audible moment of the agent in a span of time; null when it was silent. */
  async lastAudibleBetween(fromMs: number, toMs: number): Promise<number | null> {
    return await this.page.evaluate(([from, to]) => parleyCaller.lastAudibleBetween(from, to), [fromMs, toMs] as const);
  }

  /** What the page played of the agent in a span of time: 16 kHz mono. */
  async agentAudio(fromMs: number, toMs: number): Promise<Sound> {
    const base64 = await this.page.evaluate(([from, to]) => parleyCaller.recording(from, to), [fromMs, toMs] as const);
    return { sampleRateHz: 16_000, pcm: resample(samplesFromBase64(base64), 48_000, 16_000) };
  }

  /** Every signaling message so far, checked against the contract. */
  async signals(): Promise<TappedSignal[]> {
    return v.parse(Tapped, await this.page.evaluate(() => parleyCaller.messages(0)));
  }

  async messages<Type extends ServerMessage['type']>(type: Type): Promise<AgentMessage<Type>[]> {
    return (await this.signals())
      .filter((signal) => signal.from === 'node')
      .map((signal) => signal.message)
      .filter((message): message is AgentMessage<Type> => message.type === type);
  }

  /** Final captions, in order. */
  async captions(): Promise<{ who: 'agent' | 'caller'; text: string }[]> {
    return (await this.messages('caption')).filter((caption) => caption.final).map(({ who, text }) => ({ who, text }));
  }

  async waitForMessage<Type extends ServerMessage['type']>(
    type: Type,
    timeoutMs = 20_000,
    count = 1,
  ): Promise<AgentMessage<Type>> {
    await this.page.waitForFunction(
      ([wanted, least]) => parleyCaller.countMessages(wanted, 'node') >= least,
      [type, count] as const,
      { timeout: timeoutMs, polling: 50 },
    );
    const message = (await this.messages(type)).at(-1);
    if (message === undefined) throw new Error(`A ${type} message came and went.`);
    return message;
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
