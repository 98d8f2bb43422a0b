/**
 * Runs in the visitor's page before anything of the page's own: gives it a microphone that we speak into,
 * and listens to what it plays. Node drives it through `globalThis.parleyCaller`.
 */
import { samplesFromBase64, samplesToBase64 } from './base64.ts';
import { Ears } from './ears.ts';
import { Mouth } from './mouth.ts';
import { openAudio } from './open-audio.ts';
import { watchMediaElements } from './playing.ts';
import { SignalingTap, typeOf } from './signaling-tap.ts';
import type { CallerApi, TappedMessage } from './caller-api.ts';

declare const callerSetup: { readonly workletSource: string; readonly replaceMicrophone: boolean };

/** A typed turn may come in several messages: listening this long, it is over. */
const writtenTurnOverMs = 200;

class CallerPage implements CallerApi {
  private readonly tap = new SignalingTap();
  private body: Promise<{ mouth: Mouth; ears: Ears }> | undefined;
  private silentSinceMs = Date.now();

  install(): void {
    this.tap.install();
    watchMediaElements();
    const listenTo = async (track: MediaStreamTrack): Promise<void> => (await this.wake()).ears.listenTo(track);
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('track', (event) => {
          if (event.track.kind === 'audio') void listenTo(event.track);
        });
      }
    };
    if (callerSetup.replaceMicrophone && 'mediaDevices' in navigator) {
      navigator.mediaDevices.getUserMedia = async () => (await this.wake()).mouth.stream.clone();
    }
  }

  async say(base64: string): Promise<{ startMs: number; endMs: number }> {
    const { mouth } = await this.wake();
    const { startMs, endMs } = await mouth.sayBase64(base64);
    this.silentSinceMs = endMs;
    return { startMs, endMs };
  }

  async stopSaying(): Promise<void> {
    (await this.wake()).mouth.stop();
  }

  async surround(base64: string): Promise<void> {
    (await this.wake()).mouth.surround(samplesFromBase64(base64));
  }

  async waitForAgentTurn(silenceMs: number, timeoutMs: number): Promise<{ onsetMs: number; lastAudibleMs: number }> {
    const { ears } = await this.wake();
    const fromMs = this.silentSinceMs;
    const heard = await ears.until(
      () => {
        const now = Date.now();
        const onsetMs = ears.onsetAfter(fromMs);
        if (onsetMs === undefined || this.tap.state !== 'listening') return undefined;
        return now - ears.lastAudibleMs >= silenceMs && now - this.tap.stateMs >= silenceMs
          ? { onsetMs, lastAudibleMs: ears.lastAudibleMs }
          : undefined;
      },
      timeoutMs,
      `the agent's turn (agent state: ${this.tap.state})`,
    );
    this.silentSinceMs = heard.lastAudibleMs + 1;
    return heard;
  }

  async waitForAgentWords(timeoutMs: number): Promise<void> {
    const endMs = Date.now() + timeoutMs;
    while (!this.tap.agentHasWritten() || Date.now() - this.tap.stateMs < writtenTurnOverMs) {
      if (Date.now() > endMs) throw new Error(`Waited ${timeoutMs} ms for the agent's words.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async waitForAgentOnset(fromMs: number, timeoutMs: number): Promise<number> {
    const { ears } = await this.wake();
    return await ears.until(() => ears.onsetAfter(fromMs), timeoutMs, 'the agent to be heard');
  }

  async waitForSilence(fromMs: number, silenceMs: number, timeoutMs: number): Promise<number> {
    const { ears } = await this.wake();
    return await ears.until(() => ears.endOfSpeechAfter(fromMs, silenceMs), timeoutMs, 'the agent to be silent');
  }

  async lastAudibleBetween(fromMs: number, toMs: number): Promise<number | null> {
    return (await this.wake()).ears.lastAudibleBetween(fromMs, toMs);
  }

  async recording(fromMs: number, toMs: number): Promise<string> {
    return samplesToBase64((await this.wake()).ears.recording(fromMs, toMs));
  }

  messages(from: number): TappedMessage[] {
    return this.tap.messages.slice(from);
  }

  countMessages(type: string, sender: 'page' | 'node'): number {
    return this.tap.messages.filter(({ from, message }) => from === sender && typeOf(message) === type).length;
  }

  countFinalCaptions(who: string): number {
    return this.tap.finalCaptions(who);
  }

  agentState(): string {
    return this.tap.state;
  }

  sendRaw(text: string): void {
    this.tap.sockets.at(-1)?.send(text);
  }

  private wake(): Promise<{ mouth: Mouth; ears: Ears }> {
    this.body ??= (async () => {
      const context = await openAudio(callerSetup.workletSource);
      return { mouth: new Mouth(context), ears: new Ears(context, { keepSound: true, quantaPerReport: 8 }) };
    })();
    return this.body;
  }
}

const page = new CallerPage();
globalThis.parleyCaller = page;
page.install();
