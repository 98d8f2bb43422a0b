/** Speech close to a microphone is about -20 dBFS; that should fill the meter. */
const FULL_RMS = 0.1;

/** How loud the visitor's microphone is. */
export class LevelMeter {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();
  readonly #samples = new Float32Array(512);

  constructor(track: MediaStreamTrack) {
    this.#analyser.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  /** 0 is silence, 1 is speech close to the microphone. */
  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let energy = 0;
    for (const sample of this.#samples) energy += sample * sample;
    return Math.min(1, Math.sqrt(energy / this.#samples.length) / FULL_RMS);
  }

  close(): void {
    void this.#context.close().catch(() => {});
  }
}
