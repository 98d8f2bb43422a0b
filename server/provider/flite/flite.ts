import koffi from 'koffi';
import type { Speech, SpokenWord, Synthesizer } from '../../agent/speak/synthesizer.ts';
import { inBackground, loadLibrary } from '../native-library.ts';

/** Voices of Debian's libflite1 that speak at 16,000 Hz. */
export type FliteVoice = 'slt' | 'rms' | 'awb';

/** Below this level (of 32,767) a sample counts as silence when the ends are trimmed. */
const silenceLevel = 160;
/** Kept around the speech, so that soft consonants survive the trim. */
const marginSamples = 160;
const debianPackage = 'libflite1';

/** Path from a word to the end of its last phone, in seconds (flite's feature paths). */
const wordEnd = 'R:SylStructure.daughtern.daughtern.R:Segment.end';

const versions = (name: string): string[] => [`${name}.so.1`, `${name}.so.2.2`];

function bind() {
  const wave = koffi.struct('cst_wave', {
    type: 'void *',
    sample_rate: 'int',
    num_samples: 'int',
    num_channels: 'int',
    samples: 'void *',
  });
  const library = loadLibrary(versions('libflite'), debianPackage);
  return {
    wave,
    init: library.func('int flite_init()'),
    synthesize: library.func('void *flite_synth_text(const char *text, void *voice)'),
    waveOf: library.func('void *utt_wave(void *utterance)'),
    relation: library.func('void *utt_relation(void *utterance, const char *name)'),
    head: library.func('void *relation_head(void *relation)'),
    next: library.func('void *item_next(void *item)'),
    featureText: library.func('const char *flite_ffeature_string(void *item, const char *path)'),
    featureNumber: library.func('float flite_ffeature_float(void *item, const char *path)'),
    free: library.func('void delete_utterance(void *utterance)'),
  };
}

let bound: ReturnType<typeof bind> | undefined;

/** flite's voices share state inside the library: one sentence at a time in a process. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The embedded synthesiser, flite 2.x (http://cmuflite.org), through its C interface. About 50 times faster than
 * real time on one core. Its output differs in the last bits from run to run.
 */
export class FliteSynthesizer implements Synthesizer {
  readonly #flite: ReturnType<typeof bind>;
  readonly #voice: unknown;

  constructor(voice: FliteVoice = 'slt') {
    if (!bound) {
      bound = bind();
      bound.init();
    }
    this.#flite = bound;
    loadLibrary(versions('libflite_usenglish'), debianPackage);
    loadLibrary(versions('libflite_cmulex'), debianPackage);
    const library = loadLibrary(versions(`libflite_cmu_us_${voice}`), debianPackage);
    this.#voice = library.func(`void *register_cmu_us_${voice}(const char *directory)`)(null);
    if (!this.#voice) throw new Error(`flite has no voice '${voice}'`);
  }

  synthesize(text: string): Promise<Speech> {
    const speech = queue.then(() => this.#synthesize(text));
    queue = speech.catch(() => undefined);
    return speech;
  }

  async #synthesize(text: string): Promise<Speech> {
    const utterance = await inBackground(this.#flite.synthesize, text, this.#voice);
    if (!utterance) throw new Error(`flite cannot speak "${text.slice(0, 60)}"`);
    try {
      const speech = trimSilence(this.#samples(utterance), this.#words(utterance));
      if (speech.samples.length === 0) throw new Error(`flite gave no sound for "${text.slice(0, 60)}"`);
      return speech;
    } finally {
      this.#flite.free(utterance);
    }
  }

  #samples(utterance: unknown): Int16Array {
    const wave = koffi.decode(this.#flite.waveOf(utterance), this.#flite.wave);
    if (wave.sample_rate !== 16_000)
      throw new Error(`This flite voice speaks at ${wave.sample_rate} Hz, not 16,000 Hz`);
    // Copied: the library frees its own samples with the utterance.
    return Int16Array.from(koffi.decode(wave.samples, koffi.array('int16_t', wave.num_samples)));
  }

  #words(utterance: unknown): SpokenWord[] {
    const words: SpokenWord[] = [];
    let startSample = 0;
    let item = this.#flite.head(this.#flite.relation(utterance, 'Word'));
    while (item) {
      const endSample = Math.round(this.#flite.featureNumber(item, wordEnd) * 16_000);
      // A word without phones (punctuation on its own) ends at 0.
      if (endSample > startSample) {
        words.push({ text: this.#flite.featureText(item, 'name'), startSample, endSample });
        startSample = endSample;
      }
      item = this.#flite.next(item);
    }
    return words;
  }
}

function trimSilence(samples: Int16Array, words: readonly SpokenWord[]): Speech {
  const loud = (sample: number): boolean => Math.abs(sample) > silenceLevel;
  const first = samples.findIndex(loud);
  if (first < 0) return { samples: new Int16Array(0), words: [] };
  const start = Math.max(0, first - marginSamples);
  const end = Math.min(samples.length, samples.findLastIndex(loud) + marginSamples);
  const place = (sample: number): number => Math.min(Math.max(sample - start, 0), end - start);
  return {
    samples: samples.slice(start, end),
    words: words.map((word) => ({
      text: word.text,
      startSample: place(word.startSample),
      endSample: place(word.endSample),
    })),
  };
}
