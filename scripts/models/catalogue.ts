import type { SpeechModel } from '../../contract/speech-model.ts';

/** A model that can be fetched: the manifest that is written beside it, and where its archive is. */
export interface CatalogueEntry {
  readonly manifest: SpeechModel;
  readonly title: string;
  /** A `.tar.bz2` with one folder. */
  readonly url: string;
  /** About. The server says exactly. */
  readonly megabytes: number;
  /** Known beforehand. Without it the first download's is kept on this machine, and later ones must equal it. */
  readonly sha256?: string;
}

const releases = 'https://github.com/k2-fsa/sherpa-onnx/releases/download';

/** Well-known models of the sherpa-onnx project's releases. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    title: 'English recognition, streaming, small: 20 million parameters, for many calls a core',
    url: `${releases}/asr-models/sherpa-onnx-streaming-zipformer-en-20M-2023-02-17.tar.bz2`,
    megabytes: 128,
    manifest: {
      kind: 'recognition',
      name: 'zipformer-en-20m',
      language: 'en',
      licence: 'Apache-2.0',
      encoder: 'encoder-epoch-99-avg-1.int8.onnx',
      decoder: 'decoder-epoch-99-avg-1.int8.onnx',
      joiner: 'joiner-epoch-99-avg-1.int8.onnx',
      tokens: 'tokens.txt',
    },
  },
  {
    title: 'English recognition, streaming, larger and more accurate',
    url: `${releases}/asr-models/sherpa-onnx-streaming-zipformer-en-2023-06-26.tar.bz2`,
    megabytes: 310,
    manifest: {
      kind: 'recognition',
      name: 'zipformer-en',
      language: 'en',
      licence: 'Apache-2.0',
      encoder: 'encoder-epoch-99-avg-1-chunk-16-left-64.int8.onnx',
      decoder: 'decoder-epoch-99-avg-1-chunk-16-left-64.int8.onnx',
      joiner: 'joiner-epoch-99-avg-1-chunk-16-left-64.int8.onnx',
      tokens: 'tokens.txt',
    },
  },
  {
    title: 'English voice, female, 16 kHz, fast',
    url: `${releases}/tts-models/vits-piper-en_US-amy-low.tar.bz2`,
    megabytes: 67,
    manifest: {
      kind: 'synthesis',
      name: 'piper-en-amy',
      language: 'en',
      licence: 'see MODEL_CARD in its folder',
      model: 'en_US-amy-low.onnx',
      tokens: 'tokens.txt',
      phonemes: 'espeak-ng-data',
    },
  },
  {
    title: 'English voice, female, 22 kHz, clearer',
    url: `${releases}/tts-models/vits-piper-en_US-lessac-medium.tar.bz2`,
    megabytes: 67,
    manifest: {
      kind: 'synthesis',
      name: 'piper-en-lessac',
      language: 'en',
      licence: 'see MODEL_CARD in its folder',
      model: 'en_US-lessac-medium.onnx',
      tokens: 'tokens.txt',
      phonemes: 'espeak-ng-data',
    },
  },
];
