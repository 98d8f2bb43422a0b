import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, parseBundle } from '../../dialogue/playbook/bundle.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import { SpeechCache } from '../agent/speak/speech-cache.ts';
import type { Synthesizer } from '../agent/speak/synthesizer.ts';
import type { ControlPlane } from '../http/control-plane.ts';
import type { Log } from '../observe/log.ts';
import { PocketSphinxFactory } from '../provider/pocketsphinx/pocketsphinx.ts';

const pollMs = 15_000;
const firstPollMs = 500;

/** A playbook, ready for calls: its recogniser compiled, its approved sentences spoken. */
export interface ReadyPlaybook {
  readonly bundle: Bundle;
  readonly recognizers: RecognizerFactory;
  readonly speech: SpeechCache;
}

export interface PlaybooksOptions {
  readonly controlPlane: ControlPlane;
  readonly synthesizer: Synthesizer;
  readonly folder: string;
  readonly log: Log;
}

/** Fetches playbooks, keeps them on disk for when the control plane is away, and warms the active ones up. */
export class Playbooks {
  readonly #options: PlaybooksOptions;
  readonly #ready = new Map<string, Promise<ReadyPlaybook>>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlaybooksOptions) {
    this.#options = options;
  }

  /** Looks for active playbooks now and from time to time, so that no caller waits for a cold one. */
  start(): void {
    this.#poll(firstPollMs);
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  get(business: string, hash: string): Promise<ReadyPlaybook> {
    const known = this.#ready.get(hash);
    if (known) return known;
    const ready = this.#prepare(business, hash);
    this.#ready.set(hash, ready);
    ready.catch(() => this.#ready.delete(hash));
    return ready;
  }

  #poll(retryMs: number): void {
    // Not reachable yet, or nothing published yet: look again sooner.
    void this.#warmUp()
      .catch(() => false)
      .then((found) => this.#pollAgain(found ? pollMs : retryMs));
  }

  #pollAgain(afterMs: number): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.#poll(Math.min(afterMs * 2, pollMs)), afterMs);
  }

  async #warmUp(): Promise<boolean> {
    const active = await this.#options.controlPlane.activePlaybooks();
    for (const { business, hash } of active) {
      await this.get(business, hash).catch((error: unknown) => {
        this.#options.log.error('A playbook cannot be used', { business, playbook: hash, error });
      });
    }
    return active.length > 0;
  }

  async #prepare(business: string, hash: string): Promise<ReadyPlaybook> {
    const { synthesizer, folder, log } = this.#options;
    const bundle = await this.#load(business, hash);
    const recognizers = await PocketSphinxFactory.prepare({
      phrases: bundle.speech.phrases,
      key: hash,
      cacheFolder: join(folder, 'speech-models'),
    });
    if (recognizers.unknownWords.length > 0) {
      log.warn("The recogniser cannot hear some of the playbook's words", {
        playbook: hash,
        words: recognizers.unknownWords,
      });
    }
    const speech = new SpeechCache(synthesizer);
    void speech.pin(bundle.speech.approved, this.#stop.signal);
    return { bundle, recognizers, speech };
  }

  async #load(business: string, hash: string): Promise<Bundle> {
    const file = join(this.#options.folder, 'playbooks', `${hash}.json`);
    const kept = await readFile(file, 'utf8').catch(() => undefined);
    // A damaged file is fetched again.
    const known = kept && (await parseBundle(JSON.parse(kept)).catch(() => undefined));
    if (known) return known;
    const json = await this.#options.controlPlane.playbook(business, hash);
    const bundle = await parseBundle(json);
    await mkdir(join(this.#options.folder, 'playbooks'), { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(json));
    await rename(`${file}.${process.pid}`, file);
    return bundle;
  }
}
