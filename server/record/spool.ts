import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { maxPartBytes, RecordingPart } from '../../contract/recording.ts';
import { frameMs } from '../audio/frame.ts';
import { readPages } from '../audio/ogg.ts';

/** No new recording begins while so much waits for the control plane. */
const maxWaitingBytes = 2_000_000_000;

/** A part that is written; its file is named after all that is to be known of it. */
export interface SpooledPart extends RecordingPart {
  readonly file: string;
  readonly bytes: number;
}

const parts =
  /^(?<callId>[0-9a-f-]{36})\.(?<part>\d{1,5})\.(?<durationMs>\d{1,9})\.(?<last>more|last)\.(?<business>[a-z0-9-]{1,64})\.ogg$/;
const openParts = /^(?<callId>[0-9a-f-]{36})\.(?<part>\d{1,5})\.(?<business>[a-z0-9-]{1,64})\.open$/;

const OpenName = v.object({
  callId: RecordingPart.entries.callId,
  business: RecordingPart.entries.business,
  part: v.pipe(v.string(), v.transform(Number), RecordingPart.entries.part),
});
const PartName = v.object({
  ...OpenName.entries,
  durationMs: v.pipe(v.string(), v.transform(Number), RecordingPart.entries.durationMs),
  last: v.pipe(
    v.string(),
    v.transform((text) => text === 'last'),
  ),
});

/**
 * Recordings on their way, on disk until the control plane has them: page by page as the call goes, so that the death of
 * this process costs seconds of it.
 */
export class Spool {
  readonly #folder: string;
  readonly #onPart: () => void;
  /** By file; each call's in their order. */
  readonly #waiting = new Map<string, SpooledPart>();

  /** @param onPart there is a part to be sent. */
  constructor(folder: string, onPart: () => void) {
    this.#folder = folder;
    this.#onPart = onPart;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const left = readdirSync(folder).flatMap((name) => {
      const read = v.safeParse(PartName, { ...parts.exec(name)?.groups });
      const file = join(folder, name);
      return read.success ? [{ ...read.output, file, bytes: statSync(file).size }] : [];
    });
    for (const part of left.sort((a, b) => a.part - b.part)) this.#waiting.set(part.file, part);
  }

  /** What an earlier process left unfinished is finished, as far as it was written. Returns how many. */
  recover(): number {
    const left = readdirSync(this.#folder).flatMap((name) => {
      const read = v.safeParse(OpenName, { ...openParts.exec(name)?.groups });
      return read.success ? [{ file: join(this.#folder, name), call: read.output }] : [];
    });
    for (const { file, call } of left) this.#recover(file, call);
    return left.length;
  }

  /** Throws where too much waits already. */
  begin(call: { callId: string; business: string }): SpooledCall {
    const waiting = this.waiting().reduce((sum, { bytes }) => sum + bytes, 0);
    if (waiting > maxWaitingBytes)
      throw new Error(
        `${maxWaitingBytes / 1e9} GB of recordings wait for the control plane: none begins until it takes them`,
      );
    return new SpooledCall(this.#folder, call, (part) => {
      this.#waiting.set(part.file, part);
      this.#onPart();
    });
  }

  /** Each call's in their order. */
  waiting(): SpooledPart[] {
    return [...this.#waiting.values()];
  }

  read({ file }: SpooledPart): Uint8Array {
    return readFileSync(file);
  }

  /** The control plane has it. */
  forget({ file }: SpooledPart): void {
    rmSync(file, { force: true });
    this.#waiting.delete(file);
  }

  #recover(file: string, call: v.InferOutput<typeof OpenName>): void {
    const written = readFileSync(file);
    const { pages, bytes } = readPages(written);
    // A page that was being written is left out.
    if (bytes < written.length) truncateSync(file, bytes);
    if (bytes === 0) {
      rmSync(file);
      return;
    }
    const packets = pages.reduce((sum, page) => sum + (page.granule > 0n ? page.packets.length : 0), 0);
    const part = { ...call, durationMs: packets * frameMs, last: false };
    const closed = join(this.#folder, partName(part));
    renameSync(file, closed);
    this.#waiting.set(closed, { ...part, file: closed, bytes });
  }
}

/** One call's recording, part by part. */
export class SpooledCall {
  readonly #folder: string;
  readonly #call: { readonly callId: string; readonly business: string };
  readonly #onPart: (part: SpooledPart) => void;
  #part = 0;
  #open: { readonly file: string; readonly descriptor: number; bytes: number } | undefined;

  constructor(folder: string, call: { callId: string; business: string }, onPart: (part: SpooledPart) => void) {
    this.#folder = folder;
    this.#call = call;
    this.#onPart = onPart;
  }

  /** On disk when this returns, as far as the process is concerned. */
  write(page: Uint8Array): void {
    this.#open ??= this.#openPart();
    writeSync(this.#open.descriptor, page);
    this.#open.bytes += page.length;
    if (this.#open.bytes > maxPartBytes) throw new Error(`A part of a recording has more than ${maxPartBytes} bytes`);
  }

  /** What was written since the last part is one. */
  closePart({ durationMs, last }: { durationMs: number; last: boolean }): void {
    if (!this.#open) return;
    const { file, descriptor, bytes } = this.#open;
    const part = { ...this.#call, part: this.#part, durationMs, last };
    const closed = join(this.#folder, partName(part));
    closeSync(descriptor);
    renameSync(file, closed);
    this.#open = undefined;
    this.#part += 1;
    this.#onPart({ ...part, file: closed, bytes });
  }

  #openPart(): { file: string; descriptor: number; bytes: number } {
    const { callId, business } = this.#call;
    const file = join(this.#folder, `${callId}.${this.#part}.${business}.open`);
    return { file, descriptor: openSync(file, 'w', 0o600), bytes: 0 };
  }
}

const partName = ({ callId, business, part, durationMs, last }: RecordingPart): string =>
  `${callId}.${part}.${durationMs}.${last ? 'last' : 'more'}.${business}.ogg`;
