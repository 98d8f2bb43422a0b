import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../dialogue/learn/random.ts';
import { levelOf, msToSamples } from '../../server/audio/frame.ts';
import { type CallerVoice, narrowCallerSpeech } from '../speech/caller-voice.ts';
import { decodeWav } from '../../server/audio/wav.ts';
import type { Noise, TurnCase } from './turn-case.ts';

/** A case as the caller's microphone gives it: Int16 mono at 16,000 Hz. */
export interface CaseSound {
  readonly samples: Int16Array;
  /** When each part that is a sound can first and last be heard, in ms from the start. In order. */
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** A caller's voice at a microphone: -26 dBFS. */
export const voiceLevel = dbfs(-26);

function dbfs(level: number): number {
  return 32_768 * 10 ** (level / 20);
}

export async function soundOf(one: TurnCase, babble: Int16Array): Promise<CaseSound> {
  const random = seeded(hash(one.id));
  const pieces: Int16Array[] = [];
  const spans: { fromMs: number; toMs: number }[] = [];
  let length = 0;
  for (const part of one.parts) {
    const atMs = length / 16;
    let piece: Int16Array;
    if ('say' in part) {
      const speech = await callerSaying(part.say, one.voice);
      piece = speech.pcm;
      spans.push({ fromMs: atMs + speech.audibleFromMs, toMs: atMs + speech.audibleToMs });
    } else if ('noise' in part) {
      piece = scaled(noiseOf(part.noise, msToSamples(part.lengthMs), random, babble), dbfs(part.levelDbfs));
      spans.push({ fromMs: atMs, toMs: atMs + part.lengthMs });
    } else {
      // Speech keeps 60 ms around its audible part on both sides: they belong to the pause.
      piece = new Int16Array(msToSamples(Math.max(0, part.pauseMs - 120)));
    }
    pieces.push(piece);
    length += piece.length;
  }
  const samples = new Int16Array(length);
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return { samples, spans };
}

/** A sentence of the caller, at their usual level. */
export async function callerSaying(text: string, voice: CallerVoice) {
  const { sound, audibleFromMs, audibleToMs } = await narrowCallerSpeech(text, voice);
  return { pcm: scaled(sound.pcm, voiceLevel), audibleFromMs, audibleToMs };
}

/** A room's steady noise, to which what the caller says is added. Goes on from call to call of it. */
export function roomOf(one: TurnCase): (samples: Int16Array) => Int16Array {
  const random = seeded(hash(`${one.id} room`));
  const peak = dbfs(one.roomDbfs) * Math.sqrt(3);
  return (samples) => samples.map((sample) => clamp(sample + (random() * 2 - 1) * peak));
}

/** People at a distance: the human clips of the shared data, over one another. Undefined where there are none. */
export function readBabble(folder: string): Int16Array | undefined {
  let files: string[];
  try {
    files = readdirSync(folder).filter((name) => name.startsWith('sense_and'));
  } catch {
    return undefined;
  }
  const clips = files.map((name) => decodeWav(readFileSync(join(folder, name))).pcm);
  const length = Math.min(...clips.map((clip) => clip.length));
  return Int16Array.from({ length }, (_, index) =>
    clamp(clips.slice(0, 3).reduce((sum, clip) => sum + (clip[index] ?? 0) / 2, 0)),
  );
}

function noiseOf(noise: Noise, length: number, random: () => number, babble: Int16Array): Int16Array {
  switch (noise) {
    case 'cough':
      return cough(length, random);
    case 'knock':
      return Int16Array.from({ length }, (_, n) => {
        const t = (n % 2_400) / 16_000;
        return 16_000 * Math.exp(-t * 60) * Math.sin(2 * Math.PI * 180 * t);
      });
    case 'hiss':
      return Int16Array.from({ length }, () => (random() * 2 - 1) * 8_000);
    case 'babble': {
      const start = Math.floor(random() * (babble.length - length));
      return babble.slice(start, start + length);
    }
    default:
      return noise satisfies never;
  }
}

/** A burst of breath through a throat: noise with two broad resonances, loud at first, then dying away. */
function cough(length: number, random: () => number): Int16Array {
  const filters = [resonance(600, 0.97), resonance(1_500, 0.95)];
  return Int16Array.from({ length }, (_, n) => {
    const breath = random() * 2 - 1;
    const shape = Math.min(1, n / 160) * Math.exp((-3 * n) / length);
    return clamp(1_500 * shape * filters.reduce((sum, filter) => sum + filter(breath), 0));
  });
}

/** A two-pole filter. */
function resonance(hz: number, radius: number): (sample: number) => number {
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / 16_000);
  let [one, two] = [0, 0];
  return (sample) => {
    const out = sample + turn * one - radius * radius * two;
    [one, two] = [out, one];
    return out;
  };
}

/** To a level, as the loud half of its 20 ms frames has it. */
function scaled(samples: Int16Array, level: number): Int16Array {
  const levels: number[] = [];
  for (let start = 0; start < samples.length; start += 320) levels.push(levelOf(samples.subarray(start, start + 320)));
  const loud = levels.sort((a, b) => b - a).slice(0, Math.ceil(levels.length / 2));
  const mean = Math.sqrt(loud.reduce((sum, one) => sum + one * one, 0) / loud.length);
  return samples.map((sample) => clamp((sample * level) / Math.max(mean, 1)));
}

const clamp = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193);
  return value >>> 0;
}
