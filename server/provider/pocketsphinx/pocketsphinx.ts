import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpectedReply, Recognizer, RecognizerFactory, Transcript } from '../../agent/listen/recognizer.ts';
import { writeWhole } from '../../write-whole.ts';
import { inBackground } from '../native-library.ts';
import { bindPocketSphinx, type PocketSphinx } from './decoder-library.ts';
import { selectPronunciations } from './dictionary.ts';
import { buildLanguageModel } from './language-model.ts';
import { grammarWords, replyGrammar } from './reply-grammar.ts';
import { telephoneTransform, transformText } from './telephone-transform.ts';

/** Where Debian's pocketsphinx-en-us puts its models. */
const modelFolder = process.env['POCKETSPHINX_MODEL_DIR'] ?? '/usr/share/pocketsphinx/model/en-us';

export interface PocketSphinxOptions {
  /** Phrases of the playbook: lower-case words, single spaces. */
  readonly phrases: readonly string[];
  /** Names the compiled model's files; the same phrases under the same key are compiled once. */
  readonly key: string;
  /** A folder for compiled models. */
  readonly cacheFolder: string;
}

let library: PocketSphinx | undefined;

/** The embedded recogniser: hears what the playbook's phrases and their parts can say, and little else. */
export class PocketSphinxFactory implements RecognizerFactory {
  readonly #options: string[];
  readonly #transformFile: string;
  /** Words of the playbook without a pronunciation: the recogniser can't hear them. */
  readonly unknownWords: readonly string[];

  private constructor(options: string[], transformFile: string, unknownWords: readonly string[]) {
    this.#options = options;
    this.#transformFile = transformFile;
    this.unknownWords = unknownWords;
  }

  /** Compiles the phrases into a language model. Rejects when Debian's library or models are missing. */
  static async prepare({ phrases, key, cacheFolder }: PocketSphinxOptions): Promise<PocketSphinxFactory> {
    library ??= bindPocketSphinx();
    const full = await readFile(join(modelFolder, 'cmudict-en-us.dict'), 'utf8').catch((cause: unknown) => {
      const action = 'Install it with: sudo apt-get install pocketsphinx-en-us';
      throw new Error(`Cannot read the speech models in ${modelFolder}. ${action}`, { cause });
    });
    const dictionary = selectPronunciations(full, [...phrases, ...grammarWords]);
    const known = phrases.filter((phrase) => phrase.split(' ').every((word) => dictionary.words.has(word)));
    await mkdir(cacheFolder, { recursive: true });
    const dictionaryFile = join(cacheFolder, `${key}.dict`);
    const modelFile = join(cacheFolder, `${key}.arpa`);
    await writeWhole(dictionaryFile, dictionary.text);
    await writeWhole(modelFile, buildLanguageModel(known));
    const transformFile = join(cacheFolder, 'telephone.mllr');
    await writeWhole(transformFile, transformText(telephoneTransform));
    const options = [
      ['-hmm', join(modelFolder, 'en-us')],
      ['-dict', dictionaryFile],
      ['-lm', modelFile],
      // A second, flat pass over the first one's words: five points better on human speech.
      ['-fwdflat', 'yes'],
      ['-bestpath', 'yes'],
    ].flat();
    return new PocketSphinxFactory(options, transformFile, dictionary.missing);
  }

  async create(): Promise<Recognizer> {
    library ??= bindPocketSphinx();
    const argv = ['parley', ...this.#options];
    const options = library.parseOptions(null, library.options(), argv.length, argv, 1);
    if (!options)
      throw new Error('PocketSphinx does not accept its options: is libpocketsphinx3 the version Debian 12 has?');
    const decoder = await inBackground(library.create, options);
    library.freeOptions(options);
    if (!decoder) throw new Error(`PocketSphinx cannot load its models from ${modelFolder}`);
    return new PocketSphinxRecognizer(library, decoder, this.#transformFile);
  }
}

/** The engine's probability is that of the whole sentence; long ones would always look doubtful. */
function perWord(probability: number, text: string): number {
  if (!text) return 0;
  return Math.min(Math.max(probability, 0), 1) ** (1 / text.split(' ').length);
}

/** `_default` is what `ps_init` calls the search it makes from `-lm`. */
function searchOf(reply: ExpectedReply): string {
  switch (reply.kind) {
    case 'open':
      return '_default';
    case 'digits':
      return ['digits', reply.count, ...reply.except].join('-');
    case 'confirm-digits':
      return `confirm-digits-${reply.count}`;
    default:
      return reply satisfies never;
  }
}

/**
 * A grammar has few paths, so they can all be kept; and pauses and noise between digits are more usual than in free
 * speech. Of 10-digit strings of exactly ten, 45 % were right with the library's own values, 58 % with these.
 */
const guidedOptions: Readonly<Record<string, number>> = {
  '-beam': 1e-200,
  '-pbeam': 1e-200,
  '-wbeam': 1e-150,
  '-silprob': 0.3,
  '-fillprob': 1e-3,
};

/** One decoder a call: its estimate of the caller's voice and line (cepstral mean) carries over turns. */
class PocketSphinxRecognizer implements Recognizer {
  readonly #library: PocketSphinx;
  readonly #decoder: unknown;
  readonly #transformFile: string;
  /** Asked for, and not yet done: it cannot be in the middle of a segment. */
  #adapt = false;
  #open = false;
  #closed = false;
  #listening: ExpectedReply = { kind: 'open' };
  readonly #grammars = new Set<string>();
  /** The C decoder takes one call at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(library: PocketSphinx, decoder: unknown, transformFile: string) {
    this.#library = library;
    this.#decoder = decoder;
    this.#transformFile = transformFile;
    library.startStream(decoder);
  }

  feed(samples: Int16Array): void {
    // A failed pass shows in the transcript, which is then empty; the queue itself must go on.
    this.#enqueue(async () => {
      if (!this.#open) {
        if (this.#adapt) await this.#adaptToTelephone();
        this.#library.startUtterance(this.#decoder);
        this.#open = true;
      }
      await inBackground(this.#library.process, this.#decoder, samples, samples.length, 0, 0);
    }).catch(() => undefined);
  }

  byTelephone(): void {
    this.#enqueue(async () => void (this.#adapt = true)).catch(() => undefined);
  }

  /** The decoder owns the transform from then on, and frees it. */
  async #adaptToTelephone(): Promise<void> {
    this.#adapt = false;
    const transform = this.#library.readTransform(this.#transformFile);
    // Without it the call is understood a little worse.
    if (transform) await inBackground(this.#library.adapt, this.#decoder, transform);
  }

  expect(reply: ExpectedReply): void {
    this.#enqueue(async () => {
      if (this.#open) throw new Error('Cannot listen for something else in the middle of a segment');
      this.#use(reply);
    }).catch(() => undefined);
  }

  /** Grammars share the decoder with the language model, and so what it has learnt of the voice and the line. */
  #use(reply: ExpectedReply): void {
    const name = searchOf(reply);
    if (name === searchOf(this.#listening)) return;
    if (reply.kind !== 'open' && !this.#grammars.has(name)) {
      const options: unknown = this.#library.optionsOf(this.#decoder);
      for (const [option, value] of Object.entries(guidedOptions)) this.#library.setFloat(options, option, value);
      if (this.#library.addGrammar(this.#decoder, name, replyGrammar(reply)) !== 0)
        throw new Error(`PocketSphinx does not accept the grammar "${name}"`);
      this.#grammars.add(name);
    }
    if (this.#library.useSearch(this.#decoder, name) !== 0) throw new Error(`PocketSphinx has no search "${name}"`);
    this.#listening = reply;
  }

  partial(): Promise<string> {
    return this.#enqueue(async () => (this.#open ? this.#hypothesis() : ''));
  }

  finish(): Promise<Transcript> {
    return this.#enqueue(async () => {
      if (!this.#open) return { text: '', confidence: 0, alternatives: [] };
      this.#open = false;
      await inBackground(this.#library.endUtterance, this.#decoder);
      const text = this.#hypothesis();
      const logMath = this.#library.logMath(this.#decoder);
      const whole: number = this.#library.exp(logMath, this.#library.probability(this.#decoder));
      return { text, confidence: perWord(whole, text), alternatives: [] };
    });
  }

  async discard(): Promise<void> {
    await this.#enqueue(async () => {
      if (!this.#open) return;
      this.#open = false;
      await inBackground(this.#library.endUtterance, this.#decoder);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#enqueue(async () => {
      this.#closed = true;
      this.#library.free(this.#decoder);
    });
  }

  #hypothesis(): string {
    return this.#library.hypothesis(this.#decoder, [0]) ?? '';
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(() => {
      if (this.#closed) throw new Error('This recogniser is closed');
      return work();
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
