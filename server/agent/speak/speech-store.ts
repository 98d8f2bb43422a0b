import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { frameSamples } from '../../audio/frame.ts';
import { writeWhole } from '../../write-whole.ts';
import type { PreparedSpeech } from './prepared-speech.ts';

/** About 250 MB of sentences of four seconds. */
const maxFiles = 2_000;

/**
 * Approved sentences on disk, by voice and text: a cloud voice is paid for once, and speaks them while it cannot be
 * reached. Int16 mono at 16,000 Hz without a header.
 */
export class SpeechStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A damaged file counts as none. */
  async read(voiceKey: string, text: string): Promise<Int16Array | undefined> {
    const bytes = await readFile(this.#file(voiceKey, text)).catch(() => undefined);
    if (!bytes || bytes.length === 0 || bytes.length % (2 * frameSamples) !== 0) return undefined;
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  /** Only what is whole. A disk that is full costs a synthesis next time, and nothing else. */
  async keep(voiceKey: string, text: string, { state, frames }: PreparedSpeech): Promise<void> {
    if (state !== 'whole') return;
    const file = this.#file(voiceKey, text);
    const bytes = Buffer.concat(
      frames.map((frame) => new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)),
    );
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWhole(file, bytes);
    } catch {
      // It is made again next time.
    }
  }

  /** Removes the oldest above the limit: sentences of playbooks that were replaced. */
  async prune(): Promise<void> {
    const files = await readdir(this.#folder).catch(() => []);
    if (files.length <= maxFiles) return;
    const paths = files.map((file) => join(this.#folder, file));
    const dated = await Promise.all(paths.map(async (path) => ({ path, atMs: (await stat(path)).mtimeMs })));
    const oldest = dated.sort((a, b) => a.atMs - b.atMs).slice(0, files.length - maxFiles);
    for (const { path } of oldest) await rm(path, { force: true });
  }

  #file(voiceKey: string, text: string): string {
    const key = createHash('sha256')
      .update(JSON.stringify([voiceKey, text]))
      .digest('hex');
    return join(this.#folder, `${key}.pcm`);
  }
}
