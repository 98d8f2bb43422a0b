import type { AnsweredBy } from '../../contract/outbound.ts';
import { seeded } from '../../dialogue/learn/random.ts';
import { resample } from '../../server/audio/resampler.ts';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { below, levelOfAll } from '../calls/audio/line.ts';
import { throughLine } from '../digits/line.ts';
import { narrowCallerSpeech } from '../speech/caller-voice.ts';
import { texts, type Said } from './texts.ts';

/** From this seed on, texts that were never looked at while the rules were made. */
export const firstHeldOutSeed = 10;

const sampleRateHz = 16_000;
/** What follows after the last word: we say nothing in this measurement. */
const restMs = 6_000;
const voices = ['rms', 'awb'] as const;

/** One call of ours that is answered, as our ears get it. */
export interface AnsweredCall {
  readonly who: AnsweredBy;
  readonly text: string;
  /** Int16 mono, 16,000 Hz, over a telephone. */
  readonly sound: Int16Array;
  /** The first sample of a voice, from the answer on. */
  readonly voiceFromMs: number;
  /** Where the machine begins to record: the end of its beep, or of its greeting. */
  readonly recordsFromMs: number | null;
}

/** Calls answered by everybody, in the sounds that a seed makes: voice, pace, pauses, noise, and the machine's beep. */
export async function callsOf(seed: number): Promise<AnsweredCall[]> {
  const random = seeded(seed);
  const calls: AnsweredCall[] = [];
  for (const who of ['person', 'machine', 'screening'] as const) {
    const ours = texts[who].filter((_, index) => index % 2 === (seed < firstHeldOutSeed ? 0 : 1));
    for (const said of ours) calls.push(await answer(who, said, random));
  }
  return calls;
}

async function answer(who: AnsweredBy, said: Said, random: () => number): Promise<AnsweredCall> {
  const voice = voices[Math.floor(random() * voices.length)] ?? 'rms';
  const pace = 0.9 + 0.25 * random();
  const voiceFromMs = 200 + 1_000 * random();
  const parts: Int16Array[] = [silence(voiceFromMs)];
  for (const [index, text] of said.entries()) {
    if (index > 0) parts.push(silence(250 + 650 * random()));
    const { sound } = await narrowCallerSpeech(text, voice);
    // Spoken faster or slower, and so a little higher or lower.
    parts.push(resample(sound.pcm, Math.round(sampleRateHz * pace), sampleRateHz));
  }
  let recordsFromMs: number | null = null;
  if (who === 'machine') {
    const beeps = random() < 0.8;
    if (beeps) parts.push(silence(200 + 1_200 * random()), beep(random));
    recordsFromMs = lengthMs(parts);
  }
  parts.push(silence(restMs));
  const clean = joined(parts);
  const level = levelOfAll(clean.subarray(Math.round(voiceFromMs * 16), clean.length - restMs * 16));
  const hiss = below(
    Int16Array.from(clean, () => (random() - 0.5) * 2_000),
    level,
    25 + 25 * random(),
  );
  const noisy = clean.map((sample, index) => Math.max(-32_768, Math.min(32_767, sample + (hiss[index] ?? 0))));
  const line = throughLine(resample(noisy, sampleRateHz, 8_000), random() < 0.5 ? 'flat' : 'old');
  // As the telephone's ears hand it on.
  const sound = new BandExtension().push(line);
  return { who, text: said.join(' '), sound, voiceFromMs, recordsFromMs };
}

/** 400 to 2,000 Hz, a fifth of a second to one and a half. */
function beep(random: () => number): Int16Array {
  const hz = 400 + 1_600 * random();
  const samples = Math.round(sampleRateHz * (0.2 + 1.3 * random()));
  const peak = 2_000 + 10_000 * random();
  return Int16Array.from({ length: samples }, (_, n) =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * n) / sampleRateHz)),
  );
}

const silence = (ms: number): Int16Array => new Int16Array(Math.round(ms * 16));
const lengthMs = (parts: readonly Int16Array[]): number => parts.reduce((sum, part) => sum + part.length, 0) / 16;

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
