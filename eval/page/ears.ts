import { audibleRms } from '../speech/audible.ts';
import { onPlayingChange, volumeOf } from './playing.ts';
import type { EarReport } from './worklet-message.ts';

/** A click or one stray quantum is not speech: this many audible quanta must fall into `onsetWindow` (13 of 27 ms). */
const onsetQuanta = 5;
const onsetWindow = 10;

interface Quantum {
  readonly atMs: number;
  readonly rms: number;
}

/** What the visitor hears of the agent, with time stamps. One ear a track; all of them write one diary. */
export class Ears {
  private readonly context: AudioContext;
  private readonly keepSound: boolean;
  private readonly chunks: { atMs: number; pcm: Int16Array }[] = [];
  private readonly quanta: Quantum[] = [];
  private readonly watchers = new Set<() => void>();
  lastAudibleMs = 0;

  /** `keepSound: false` keeps the levels only: a minute of sound is 6 MB. */
  constructor(context: AudioContext, options: { readonly keepSound: boolean }) {
    this.context = context;
    this.keepSound = options.keepSound;
  }

  listenTo(track: MediaStreamTrack): void {
    const source = this.context.createMediaStreamSource(new MediaStream([track]));
    const node = new AudioWorkletNode(this.context, 'caller-ear', { channelCount: 1, channelCountMode: 'explicit' });
    const setVolume = (): void => node.port.postMessage(volumeOf(track), []);
    onPlayingChange(setVolume);
    setVolume();
    node.port.addEventListener('message', (event: MessageEvent<EarReport>) => {
      if (track.readyState === 'live') this.note(event.data);
    });
    node.port.start();
    source.connect(node).connect(this.context.destination);
  }

  /** Runs `check` on every report until it gives an answer. */
  until<T>(check: () => T | undefined, timeoutMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.watchers.delete(look);
        reject(new Error(`Waited ${timeoutMs} ms for ${what}.`));
      }, timeoutMs);
      const look = (): void => {
        const answer = check();
        if (answer === undefined) return;
        this.watchers.delete(look);
        clearTimeout(timer);
        resolve(answer);
      };
      this.watchers.add(look);
      look();
    });
  }

  /** First moment of speech at or after `fromMs`. */
  onsetAfter(fromMs: number): number | undefined {
    let audibleInWindow = 0;
    const from = this.indexAt(fromMs);
    for (let index = from; index < this.quanta.length; index += 1) {
      if (isAudible(this.quanta[index])) audibleInWindow += 1;
      if (index - onsetWindow >= from && isAudible(this.quanta[index - onsetWindow])) audibleInWindow -= 1;
      if (audibleInWindow < onsetQuanta) continue;
      const windowStart = Math.max(from, index - onsetWindow + 1);
      return this.quanta.slice(windowStart, index + 1).find(isAudible)?.atMs;
    }
    return undefined;
  }

  /** The last audible moment at or after `fromMs` that `silenceMs` of silence follow. */
  endOfSpeechAfter(fromMs: number, silenceMs: number): number | undefined {
    let last: number | undefined;
    for (let index = this.indexAt(fromMs); index < this.quanta.length; index += 1) {
      const quantum = this.quanta[index];
      if (quantum === undefined) break;
      if (isAudible(quantum)) last = quantum.atMs;
      else if (last !== undefined && quantum.atMs - last >= silenceMs) return last;
    }
    return undefined;
  }

  lastAudibleBetween(fromMs: number, toMs: number): number | null {
    const span = this.quanta.slice(this.indexAt(fromMs), this.indexAt(toMs));
    return span.findLast(isAudible)?.atMs ?? null;
  }

  /** All that came in a span of time, 48 kHz, gaps closed. */
  recording(fromMs: number, toMs: number): Int16Array {
    const parts = this.chunks.filter((chunk) => chunk.atMs >= fromMs && chunk.atMs <= toMs);
    const out = new Int16Array(parts.reduce((sum, part) => sum + part.pcm.length, 0));
    let at = 0;
    for (const { pcm } of parts) {
      out.set(pcm, at);
      at += pcm.length;
    }
    return out;
  }

  /** The first quantum at or after a moment; times only grow. */
  private indexAt(fromMs: number): number {
    let low = 0;
    let high = this.quanta.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.quanta[middle]?.atMs ?? 0) < fromMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private note(report: EarReport): void {
    this.quanta.push(...report.quanta);
    if (this.keepSound) this.chunks.push({ atMs: report.quanta[0]?.atMs ?? 0, pcm: report.pcm });
    const last = report.quanta.findLast(isAudible);
    if (last !== undefined) this.lastAudibleMs = last.atMs;
    for (const look of this.watchers) look();
  }
}

function isAudible(quantum: Quantum | undefined): boolean {
  return quantum !== undefined && quantum.rms >= audibleRms;
}
