import { frameMs, frameSamples, sampleRateHz } from '../audio/frame.ts';

/** Sound is kept so long before it goes on: speech is known as such a little after it began. */
const lagMs = 1_500;
/** Nobody's words are waited for longer than this. */
const maxHoldMs = 60_000;
/** Before and after words that must not be heard. */
const muteMarginMs = 300;
/** What comes later than this after what came before it was not said in one go. */
const gapMs = 120;
/** The caller's clock may be ahead of ours by this; then a little is left out. */
const leadMs = 300;
/** Rounds of the clock that were left out, not just late. */
const stallMs = 240;

/** After a long turn much may go on at once: not so much of it in one round that other calls would notice. */
const framesARound = 4;

interface Slot {
  caller: Int16Array | undefined;
  agent: Int16Array | undefined;
}

/**
 * The two sides of one call on one clock, 20 ms by 20 ms. The caller's sound waits until what they say is known, so that it
 * can be muted. Neither drifts: a side that is late is followed by silence, one that is early loses a moment.
 */
export class Timeline {
  readonly #startMs: number;
  readonly #emit: (stereo: Int16Array) => void;
  /** From `#emitted` on. */
  #slots: Slot[] = [];
  /** Frames that have gone on, and those that the clock has passed. */
  #emitted = 0;
  #passed = 0;
  /** Where the caller's next sample goes, from the start. */
  #cursor = 0;
  #pending: Int16Array[] = [];
  #agentFrame: Int16Array | undefined;
  #heldFromMs: number | undefined;
  readonly #stereo = new Int16Array(2 * frameSamples);
  #mutes: { fromFrame: number; toFrame: number }[] = [];

  /** @param emit 640 samples, the caller left and the agent right; used again for the next. */
  constructor(startMs: number, emit: (stereo: Int16Array) => void) {
    this.#startMs = startMs;
    this.#emit = emit;
  }

  /** @param samples Int16 mono at 16,000 Hz, as they come; not to be changed afterwards. */
  caller(samples: Int16Array): void {
    this.#pending.push(samples);
  }

  /** The frame that goes to the caller in this round. */
  agent(frame: Int16Array): void {
    this.#agentFrame = frame;
  }

  /** Once every 20 ms. */
  tick(nowMs: number): void {
    const due = this.#frameAt(nowMs) - 1;
    if (due - this.#passed > stallMs / frameMs) this.#passed = due;
    this.#placeCaller();
    const slot = this.#slot(this.#passed);
    if (slot) slot.agent = this.#agentFrame;
    this.#agentFrame = undefined;
    this.#passed += 1;
    this.#release(nowMs);
  }

  /** The caller speaks, since then: what they say is waited for. */
  hold(fromMs: number): void {
    this.#heldFromMs ??= fromMs;
  }

  /** What they said is known, and what is to be muted of it was said. */
  letGo(): void {
    this.#heldFromMs = undefined;
  }

  /** The caller is not to be heard then. */
  mute(fromMs: number, toMs: number): void {
    this.#mutes.push({
      fromFrame: this.#frameAt(fromMs - muteMarginMs),
      toFrame: this.#frameAt(toMs + muteMarginMs) + 1,
    });
  }

  /** Nothing more comes: what is left is to be drained. Words that nobody knows of are muted. */
  end(nowMs: number): void {
    this.#placeCaller();
    if (this.#heldFromMs !== undefined) this.mute(this.#heldFromMs, nowMs);
    this.#heldFromMs = undefined;
  }

  /** After the end. True when nothing is left. */
  drain(frames: number): boolean {
    for (let round = 0; round < frames && this.#emitted < this.#passed; round += 1) this.#emitNext();
    return this.#emitted >= this.#passed;
  }

  #frameAt(ms: number): number {
    return Math.floor((ms - this.#startMs) / frameMs);
  }

  #release(nowMs: number): void {
    if (this.#heldFromMs !== undefined && nowMs - this.#heldFromMs > maxHoldMs) {
      this.mute(this.#heldFromMs, nowMs);
      this.#heldFromMs = nowMs;
    }
    const heldFrom = this.#heldFromMs === undefined ? Number.POSITIVE_INFINITY : this.#heldFromMs - muteMarginMs;
    const limit = Math.min(this.#passed - lagMs / frameMs, this.#frameAt(heldFrom));
    for (let round = 0; round < framesARound && this.#emitted < limit; round += 1) this.#emitNext();
  }

  #emitNext(): void {
    const slot = this.#slots.shift();
    const frame = this.#emitted;
    const stereo = this.#stereo.fill(0);
    const { caller, agent } = slot ?? {};
    const muted = this.#mutes.some(({ fromFrame, toFrame }) => frame >= fromFrame && frame < toFrame);
    for (let index = 0; index < frameSamples; index += 1) {
      if (caller && !muted) stereo[2 * index] = caller[index] ?? 0;
      if (agent) stereo[2 * index + 1] = agent[index] ?? 0;
    }
    this.#emitted += 1;
    this.#mutes = this.#mutes.filter(({ toFrame }) => toFrame > this.#emitted);
    this.#emit(stereo);
  }

  /** What has come since the last round ends now: its length says when it began. */
  #placeCaller(): void {
    const pieces = this.#pending.splice(0);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length === 0) return;
    const begins = (this.#passed + 1) * frameSamples - length;
    const late = begins - this.#cursor;
    if (late > samplesIn(gapMs)) this.#cursor = begins;
    let excess = Math.max(0, -late - samplesIn(leadMs));
    for (const piece of pieces) {
      const left = Math.min(excess, piece.length);
      excess -= left;
      this.#write(piece.subarray(left));
    }
  }

  #write(samples: Int16Array): void {
    let taken = 0;
    while (taken < samples.length) {
      const offset = this.#cursor % frameSamples;
      const part = samples.subarray(taken, taken + frameSamples - offset);
      const slot = this.#slot(Math.floor(this.#cursor / frameSamples));
      if (slot) {
        slot.caller ??= new Int16Array(frameSamples);
        slot.caller.set(part, offset);
      }
      this.#cursor += part.length;
      taken += part.length;
    }
  }

  /** Undefined for what has gone on already. */
  #slot(frame: number): Slot | undefined {
    while (this.#emitted + this.#slots.length <= frame) this.#slots.push({ caller: undefined, agent: undefined });
    return this.#slots[frame - this.#emitted];
  }
}

const samplesIn = (ms: number): number => (ms * sampleRateHz) / 1_000;
