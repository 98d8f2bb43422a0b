import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
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

  /** @param onPart there is a part to be sent. */
  constructor(folder: string, onPart: () => void) {
    this.#folder = folder;
    this.#onPart = onPart;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** What an earlier process left unfinished is finished, as far as it was written. Returns how many. */
  recover(): number {
    const left = readdirSync(this.#folder).filter((name) => openParts.test(name));
    for (const name of left) this.#recover(name);
    return left.length;
  }

  /** Throws where too much waits already. */
  begin(call: { callId: string; business: string }): SpooledCall {
    const waiting = readdirSync(this.#folder).reduce((sum, name) => sum + this.#bytes(name), 0);
    if (waiting > maxWaitingBytes)
      throw new Error(
        `${maxWaitingBytes / 1e9} GB of recordings wait for the control plane: none begins until it takes them`,
      );
    return new SpooledCall(this.#folder, call, this.#onPart);
  }

  /** In their order, call by call. */
  waiting(): SpooledPart[] {
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const read = v.safeParse(PartName, { ...parts.exec(name)?.groups });
        return read.success ? [{ ...read.output, file: join(this.#folder, name) }] : [];
      })
      .sort((a, b) => a.callId.localeCompare(b.callId) || a.part - b.part);
  }

  read({ file }: SpooledPart): Uint8Array {
    return readFileSync(file);
  }

  /** The control plane has it. */
  forget({ file }: SpooledPart): void {
    rmSync(file, { force: true });
  }

  #bytes(name: string): number {
    return statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }

  #recover(name: string): void {
    const file = join(this.#folder, name);
    const call = v.parse(OpenName, { ...openParts.exec(name)?.groups });
    const { pages, bytes } = readPages(readFileSync(file));
    // A page that was being written is left out.
    const whole = readFileSync(file).subarray(0, bytes);
    rmSync(file);
    if (whole.length === 0) return;
    const packets = pages.reduce((sum, page) => sum + (page.granule > 0n ? page.packets.length : 0), 0);
    const part = { ...call, durationMs: packets * frameMs, last: false };
    const descriptor = openSync(join(this.#folder, partName(part)), 'w', 0o600);
    writeSync(descriptor, whole);
    closeSync(descriptor);
  }
}

/** One call's recording, part by part. */
export class SpooledCall {
  readonly #folder: string;
  readonly #call: { readonly callId: string; readonly business: string };
  readonly #onPart: () => void;
  #part = 0;
  #open: { readonly file: string; readonly descriptor: number; bytes: number } | undefined;

  constructor(folder: string, call: { callId: string; business: string }, onPart: () => void) {
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
    closeSync(this.#open.descriptor);
    renameSync(this.#open.file, join(this.#folder, partName({ ...this.#call, part: this.#part, durationMs, last })));
    this.#open = undefined;
    this.#part += 1;
    this.#onPart();
  }

  #openPart(): { file: string; descriptor: number; bytes: number } {
    const { callId, business } = this.#call;
    const file = join(this.#folder, `${callId}.${this.#part}.${business}.open`);
    return { file, descriptor: openSync(file, 'w', 0o600), bytes: 0 };
  }
}

const partName = ({ callId, business, part, durationMs, last }: RecordingPart): string =>
  `${callId}.${part}.${durationMs}.${last ? 'last' : 'more'}.${business}.ogg`;
