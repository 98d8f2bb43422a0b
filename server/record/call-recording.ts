import { randomInt } from 'node:crypto';
import { frameMs, sampleRateHz } from '../audio/frame.ts';
import { OggOpusStream } from '../audio/ogg-opus.ts';
import { StereoOpusEncoder } from '../audio/opus.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import type { Spool, SpooledCall } from './spool.ts';
import { Timeline } from './timeline.ts';

/** A second of sound is a page: what a crash can cost. */
const packetsAPage = 50;
const pagesAPart = 10;
/** What is encoded at once when a call ends: some 15 ms of work. What a caller said for longer is done bit by bit. */
const framesAtEnd = 200;
const framesARoundAtEnd = 10;

export interface CallRecordingOptions {
  readonly callId: string;
  readonly business: string;
  /** What a caller by telephone hears of it. */
  readonly disclosure: readonly string[];
  readonly spool: Spool;
  readonly pacer: Pick<Pacer, 'add'>;
  readonly now: () => number;
  /** Both sides are recorded from now on. */
  readonly onBegin: () => void;
  /** There is no recording (any more). The call goes on. */
  readonly onFault: (error: unknown) => void;
}

/** Both sides of one call, from when the caller knows of it to the end: stereo Opus, on its way to the control plane. */
export class CallRecording {
  readonly #options: CallRecordingOptions;
  #running: { timeline: Timeline; file: RecordingFile; stopPacing: () => void } | undefined;
  #over = false;

  constructor(options: CallRecordingOptions) {
    this.#options = options;
  }

  /** By telephone: a caller who has heard the disclosure to its end knows. */
  agentWasHeard(text: string): void {
    if (this.#options.disclosure.every((line) => text.includes(line))) this.begin();
  }

  /** The caller knows. */
  begin(): void {
    if (this.#running || this.#over) return;
    this.#orStop(() => {
      const { spool, callId, business, pacer, now, onBegin } = this.#options;
      const file = new RecordingFile(spool.begin({ callId, business }));
      const timeline = new Timeline(now(), (stereo) => file.write(stereo));
      const stopPacing = pacer.add(
        () => timeline.tick(now()),
        (error) => this.#fail(error),
      );
      this.#running = { timeline, file, stopPacing };
      onBegin();
    });
  }

  /** @param samples what the agent hears: Int16 mono at 16,000 Hz. */
  caller(samples: Int16Array): void {
    this.#running?.timeline.caller(samples);
  }

  /** @param frame 20 ms of what the caller is sent. */
  agent(frame: Int16Array): void {
    this.#running?.timeline.agent(frame);
  }

  /** The caller speaks, since then: nothing of it is written before their words are known. */
  callerBegan(fromMs: number): void {
    this.#running?.timeline.hold(fromMs);
  }

  /** What they said has been judged. */
  callerJudged(): void {
    this.#running?.timeline.letGo();
  }

  /** Something that is not to be kept was said then. Call it before `callerJudged`. */
  mute(fromMs: number, toMs: number): void {
    this.#running?.timeline.mute(fromMs, toMs);
  }

  /** However the call ends. */
  end(): void {
    const running = this.#running;
    this.#running = undefined;
    this.#over = true;
    if (!running) return;
    running.stopPacing();
    this.#orStop(() => {
      const { now, pacer } = this.#options;
      const { timeline, file } = running;
      timeline.end(now());
      if (timeline.drain(framesAtEnd)) {
        file.end();
        return;
      }
      const stop = pacer.add(
        () => {
          if (!timeline.drain(framesARoundAtEnd)) return;
          stop();
          file.end();
        },
        (error) => this.#fail(error),
      );
    });
  }

  #orStop(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#running?.stopPacing();
    this.#running = undefined;
    this.#over = true;
    this.#options.onFault(error);
  }
}

/** Frames in, pages and parts out. */
class RecordingFile {
  readonly #call: SpooledCall;
  readonly #encoder = new StereoOpusEncoder();
  readonly #stream: OggOpusStream;
  #packets: Uint8Array[] = [];
  #pages = 0;
  #partPackets = 0;

  constructor(call: SpooledCall) {
    this.#call = call;
    this.#stream = new OggOpusStream({
      serial: randomInt(1, 0xffffffff),
      channels: 2,
      inputRateHz: sampleRateHz,
      preSkip: this.#encoder.preSkip,
    });
    this.#call.write(this.#stream.head());
  }

  write(stereo: Int16Array): void {
    this.#packets.push(this.#encoder.encode(stereo));
    if (this.#packets.length < packetsAPage) return;
    this.#writePage(false);
    if (this.#pages >= pagesAPart) this.#closePart(false);
  }

  end(): void {
    this.#writePage(true);
    this.#closePart(true);
  }

  #writePage(last: boolean): void {
    this.#partPackets += this.#packets.length;
    this.#call.write(this.#stream.page(this.#packets, last));
    this.#packets = [];
    this.#pages += 1;
  }

  #closePart(last: boolean): void {
    this.#call.closePart({ durationMs: this.#partPackets * frameMs, last });
    this.#pages = 0;
    this.#partPackets = 0;
  }
}
