import { audibleRms } from '../speech/audible.ts';
import { onPlayingChange, volumeOf } from './playing.ts';
import type { EarOptions, EarReport } from './worklet-message.ts';

/** A click or one stray quantum is not speech: this many audible quanta must fall into `onsetWindow` (13 of 27 ms). */
const onsetQuanta = 5;
const onsetWindow = 10;

/** A crowd's ears keep the last minutes only: 375 quanta a second. */
const longestDiary = 60_000;

export interface EarsOptions extends EarOptions {
  /** False keeps the levels only: a minute of sound is 6 MB. */
  readonly keepSound: boolean;
}

/** What the visitor hears of the agent, with time stamps. One ear a track; all of them write one diary. */
export class Ears {
  private readonly context: AudioContext;
  private readonly options: EarsOptions;
  private readonly chunks: { atMs: number; pcm: Int16Array }[] = [];
  /** Two columns of one table, a row a quantum: objects would keep the page's main thread busy. */
  private atMs: number[] = [];
  private rms: number[] = [];
  private readonly watchers = new Set<() => void>();
  lastAudibleMs = 0;

  constructor(context: AudioContext, options: EarsOptions) {
    this.context = context;
    this.options = options;
  }

  listenTo(track: MediaStreamTrack): void {
    const { quantaPerReport } = this.options;
    const source = this.context.createMediaStreamSource(new MediaStream([track]));
    const node = new AudioWorkletNode(this.context, 'caller-ear', {
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { quantaPerReport } satisfies EarOptions,
    });
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
    const from = this.rowAt(fromMs);
    let inWindow = 0;
    for (let row = from; row < this.atMs.length; row += 1) {
      if (this.isAudible(row)) inWindow += 1;
      if (row - onsetWindow >= from && this.isAudible(row - onsetWindow)) inWindow -= 1;
      if (inWindow < onsetQuanta) continue;
      let first = Math.max(from, row - onsetWindow + 1);
      while (!this.isAudible(first)) first += 1;
      return this.atMs[first];
    }
    return undefined;
  }

  /** The last audible moment at or after `fromMs` that `silenceMs` of silence follow. */
  endOfSpeechAfter(fromMs: number, silenceMs: number): number | undefined {
    let last: number | undefined;
    for (let row = this.rowAt(fromMs); row < this.atMs.length; row += 1) {
      const now = this.atMs[row] ?? 0;
      if (this.isAudible(row)) last = now;
      else if (last !== undefined && now - last >= silenceMs) return last;
    }
    return undefined;
  }

  lastAudibleBetween(fromMs: number, toMs: number): number | null {
    for (let row = this.rowAt(toMs) - 1; row >= this.rowAt(fromMs); row -= 1) {
      if (this.isAudible(row)) return this.atMs[row] ?? null;
    }
    return null;
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

  private isAudible(row: number): boolean {
    return (this.rms[row] ?? 0) >= audibleRms;
  }

  /** The first row at or after a moment; times only grow. */
  private rowAt(fromMs: number): number {
    let low = 0;
    let high = this.atMs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.atMs[middle] ?? 0) < fromMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private note({ atMs, rms, pcm }: EarReport): void {
    for (const [index, level] of rms.entries()) {
      const now = atMs[index] ?? 0;
      this.atMs.push(now);
      this.rms.push(level);
      if (level >= audibleRms) this.lastAudibleMs = now;
    }
    if (this.options.keepSound) this.chunks.push({ atMs: atMs[0] ?? 0, pcm });
    else if (this.atMs.length > 2 * longestDiary) {
      this.atMs = this.atMs.slice(-longestDiary);
      this.rms = this.rms.slice(-longestDiary);
    }
    for (const look of this.watchers) look();
  }
}
