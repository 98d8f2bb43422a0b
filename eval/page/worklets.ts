/**
 * The caller's mouth and ears: two processors on the audio thread. `Date.now()` is the machine's clock, so
 * the page's times compare with Node's; a quantum is 128 samples, 2.7 ms at 48 kHz.
 */
import type { EarOptions, EarReport, MouthReport, MouthRequest } from './worklet-message.ts';

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new (options: never) => AudioWorkletProcessor): void;

class Mouth extends AudioWorkletProcessor {
  private queue: { id: number; samples: Float32Array; at: number; startMs: number }[] = [];

  constructor() {
    super();
    this.port.addEventListener('message', (event: MessageEvent<MouthRequest>) => {
      if (event.data.type === 'stop') this.queue = [];
      else this.queue.push({ ...event.data, at: 0, startMs: 0 });
    });
    this.port.start();
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (out === undefined) return true;
    // The faint hiss of a microphone: no room is digitally silent.
    for (let index = 0; index < out.length; index += 1) out[index] = (Math.random() - 0.5) / 2_048;
    const now = this.queue[0];
    if (now === undefined) return true;
    if (now.at === 0) now.startMs = Date.now();
    const part = now.samples.subarray(now.at, now.at + out.length);
    part.forEach((sample, index) => (out[index] = sample));
    now.at += part.length;
    if (now.at >= now.samples.length) {
      this.queue.shift();
      const report: MouthReport = { id: now.id, startMs: now.startMs, endMs: Date.now() };
      this.port.postMessage(report, []);
    }
    return true;
  }
}

class Ear extends AudioWorkletProcessor {
  private readonly size: number;
  private volume = 0;
  private filled = 0;
  private report: EarReport;

  constructor({ processorOptions }: { processorOptions: EarOptions }) {
    super();
    this.size = processorOptions.quantaPerReport;
    this.report = this.emptyReport();
    this.port.addEventListener('message', (event: MessageEvent<number>) => {
      this.volume = event.data;
    });
    this.port.start();
  }

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    const { atMs, rms, pcm } = this.report;
    const offset = this.filled * 128;
    let sum = 0;
    if (input !== undefined && this.volume > 0) {
      for (let index = 0; index < 128; index += 1) {
        const sample = (input[index] ?? 0) * this.volume;
        sum += sample * sample;
        pcm[offset + index] = Math.round(sample * 32_767);
      }
    }
    atMs[this.filled] = Date.now();
    rms[this.filled] = Math.sqrt(sum / 128);
    this.filled += 1;
    if (this.filled === this.size) {
      this.port.postMessage(this.report, [atMs.buffer, rms.buffer, pcm.buffer]);
      this.report = this.emptyReport();
      this.filled = 0;
    }
    return true;
  }

  private emptyReport(): EarReport {
    const { size } = this;
    return { atMs: new Float64Array(size), rms: new Float64Array(size), pcm: new Int16Array(size * 128) };
  }
}

registerProcessor('caller-mouth', Mouth);
registerProcessor('caller-ear', Ear);
