import { createRequire } from 'node:module';

/** A caller's stream of sound in the recogniser. */
export interface OnlineStream {
  acceptWaveform(sound: { samples: Float32Array; sampleRate: number }): void;
  inputFinished(): void;
}

export interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  getResult(stream: OnlineStream): unknown;
}

export interface OfflineTts {
  generateAsync(request: { text: string; sid: number; speed: number }): Promise<unknown>;
}

/** The part of `sherpa-onnx-node` that is used here. It comes without types. */
export interface SherpaLibrary {
  readonly OnlineRecognizer: new (config: object) => OnlineRecognizer;
  readonly OfflineTts: { createAsync(config: object): Promise<OfflineTts> };
}

/** Loads the native library, or says that there is none for this machine. */
export function loadSherpa(): SherpaLibrary {
  let library: unknown;
  try {
    const require = createRequire(import.meta.url);
    library = require('sherpa-onnx-node');
  } catch (cause) {
    throw new Error(
      `sherpa-onnx has no binary for ${process.platform}-${process.arch}, or its optional package was left out. Run npm install, or choose another engine with PARLEY_STT and PARLEY_TTS.`,
      { cause },
    );
  }
  if (!isLibrary(library)) throw new Error('sherpa-onnx-node is of another version than this one of Parley needs.');
  return library;
}

function isLibrary(value: unknown): value is SherpaLibrary {
  if (typeof value !== 'object' || value === null) return false;
  if (!('OnlineRecognizer' in value) || typeof value.OnlineRecognizer !== 'function') return false;
  return 'OfflineTts' in value && typeof value.OfflineTts === 'function' && 'createAsync' in value.OfflineTts;
}
