import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { windowSamples, type VoiceActivityDetector } from '../../agent/listen/voice-activity.ts';

/** The model wants the last 64 samples of the window before; without them it always answers about 0. */
const contextSamples = 64;
const stateSize = 2 * 128;
const sampleRate = new Tensor('int64', BigInt64Array.from([16_000n]), []);

/**
 * Silero VAD v6 (https://github.com/snakers4/silero-vad, MIT), the model file of npm's `@ricky0123/vad-web`.
 * Input `[1, 64 + 512]` float samples, `state [2, 1, 128]`, `sr`; output probability and the next state.
 */
export class SileroModel {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(): Promise<SileroModel> {
    const entry = createRequire(import.meta.url).resolve('@ricky0123/vad-web');
    const file = join(dirname(entry), 'silero_vad_v6.onnx');
    // One window is far too little work to share between threads.
    return new SileroModel(
      await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' }),
    );
  }

  /** A detector with its own memory, for one call. */
  detector(): VoiceActivityDetector {
    const session = this.#session;
    const input = new Float32Array(contextSamples + windowSamples);
    let state = new Tensor('float32', new Float32Array(stateSize), [2, 1, 128]);
    return {
      async probability(window: Int16Array): Promise<number> {
        input.copyWithin(0, windowSamples);
        for (let i = 0; i < windowSamples; i++) input[contextSamples + i] = (window[i] ?? 0) / 32_768;
        const result = await session.run({
          input: new Tensor('float32', input, [1, input.length]),
          state,
          sr: sampleRate,
        });
        const { output, stateN } = result;
        if (!(output?.data instanceof Float32Array) || !(stateN?.data instanceof Float32Array)) {
          throw new Error('The Silero model gave no probability: is this silero_vad_v6.onnx?');
        }
        state = new Tensor('float32', stateN.data, [2, 1, 128]);
        return output.data[0] ?? 0;
      },
    };
  }
}
