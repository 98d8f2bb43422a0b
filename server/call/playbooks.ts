import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SessionClaims } from '../../contract/session.ts';
import { type Bundle, parseBundle } from '../../dialogue/playbook/bundle.ts';
import { interjectionPhrases } from '../../dialogue/turn/interjections.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import type { Voices } from '../agent/speak/speech-source.ts';
import type { ControlPlane } from '../http/control-plane.ts';
import type { Log } from '../observe/log.ts';
import { PocketSphinxFactory } from '../provider/pocketsphinx/pocketsphinx.ts';
import { writeWhole } from '../write-whole.ts';
import type { Engines } from './engines.ts';
import { bundleOfCall } from './experiment.ts';

/** Of the playbooks on disk, so many of the newest are made ready at the start. */
const warmPlaybooks = 5;

/** A playbook, ready for calls: its recogniser compiled, its approved sentences spoken. */
export interface ReadyPlaybook {
  readonly bundle: Bundle;
  readonly recognizers: RecognizerFactory;
  /** Hears short calls over the agent's voice. */
  readonly interjections: RecognizerFactory;
  readonly voices: Voices;
}

interface PreparedPlaybook extends ReadyPlaybook {
  /** On this machine. */
  readonly embedded: RecognizerFactory;
}

export interface PlaybooksOptions {
  readonly controlPlane: ControlPlane;
  readonly engines: Engines;
  readonly folder: string;
  readonly log: Log;
}

/** Fetches playbooks, keeps them on disk for when the control plane is away, and makes them ready. */
export class Playbooks {
  readonly #options: PlaybooksOptions;
  readonly #ready = new Map<string, Promise<PreparedPlaybook>>();
  readonly #stop = new AbortController();

  constructor(options: PlaybooksOptions) {
    this.#options = options;
  }

  /** Makes the playbooks of earlier runs ready, so that no caller waits for a cold one. */
  async warmUp(): Promise<void> {
    const { folder, log } = this.#options;
    const files = await readdir(join(folder, 'playbooks')).catch(() => []);
    const dated = await Promise.all(
      files.map(async (file) => ({ file, atMs: (await stat(join(folder, 'playbooks', file))).mtimeMs })),
    );
    const newest = dated.sort((a, b) => b.atMs - a.atMs).slice(0, warmPlaybooks);
    for (const { file } of newest) {
      const bundle = await this.#read(basename(file, '.json'));
      if (bundle)
        await this.get(bundle.business.id, bundle.hash).catch((error: unknown) =>
          log.warn('A playbook stays cold', { error }),
        );
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** For the call that a session token opens, in its caller's language. */
  async forSession(claims: Pick<SessionClaims, 'jti' | 'sub' | 'playbook' | 'locale'>): Promise<ReadyPlaybook> {
    const published = await this.#prepared(claims.sub, claims.playbook);
    const bundle = bundleOfCall(published.bundle, claims.jti, claims.locale);
    if (bundle.locale === published.bundle.locale) return { ...published, bundle };
    return { ...published, bundle, recognizers: this.#options.engines.recognizers(bundle, published.embedded) };
  }

  /** Those whose models are loaded, or being loaded. */
  get warm(): string[] {
    return [...this.#ready.keys()];
  }

  get(business: string, hash: string): Promise<ReadyPlaybook> {
    return this.#prepared(business, hash);
  }

  #prepared(business: string, hash: string): Promise<PreparedPlaybook> {
    const known = this.#ready.get(hash);
    if (known) return known;
    const ready = this.#prepare(business, hash);
    this.#ready.set(hash, ready);
    ready.catch(() => this.#ready.delete(hash));
    return ready;
  }

  async #prepare(business: string, hash: string): Promise<PreparedPlaybook> {
    const { engines, folder, log } = this.#options;
    const bundle = await this.#load(business, hash);
    const cacheFolder = join(folder, 'speech-models');
    const embedded = await PocketSphinxFactory.prepare({ phrases: bundle.speech.phrases, key: hash, cacheFolder });
    const interjections = await PocketSphinxFactory.prepare({
      phrases: interjectionPhrases,
      key: 'interjections',
      cacheFolder,
    });
    if (embedded.unknownWords.length > 0) {
      log.warn("The recogniser cannot hear some of the playbook's words", {
        playbook: hash,
        words: embedded.unknownWords,
      });
    }
    const recognizers = engines.recognizers(bundle, embedded);
    return { bundle, recognizers, embedded, interjections, voices: engines.voices(bundle, this.#stop.signal) };
  }

  async #load(business: string, hash: string): Promise<Bundle> {
    const known = await this.#read(hash);
    if (known) return known;
    const json = await this.#options.controlPlane.playbook(business, hash);
    const bundle = await parseBundle(json);
    const file = this.#file(hash);
    await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, JSON.stringify(json));
    return bundle;
  }

  /** A damaged file counts as none: the bundle is fetched again. */
  async #read(hash: string): Promise<Bundle | undefined> {
    try {
      return await parseBundle(JSON.parse(await readFile(this.#file(hash), 'utf8')));
    } catch {
      return undefined;
    }
  }

  #file(hash: string): string {
    return join(this.#options.folder, 'playbooks', `${hash}.json`);
  }
}
