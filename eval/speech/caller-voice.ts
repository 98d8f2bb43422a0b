import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { audibleSpan } from './audible.ts';
import { resample } from '../../server/audio/resampler.ts';
import { decodeWav, type Sound } from '../../server/audio/wav.ts';

/** Voices of callers. The agent's own is `slt`, so neither is what it was tuned on. */
export type CallerVoice = 'rms' | 'awb';

export interface Speech {
  readonly sound: Sound;
  /** First and last audible moment, from the start of the sound. */
  readonly audibleFromMs: number;
  readonly audibleToMs: number;
}

const run = promisify(execFile);
const voiceProcess = join(import.meta.dirname, 'voice-process.ts');
const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley', 'caller-speech');

/** Soft sounds before and after the audible part that belong to it. */
const marginMs = 60;

/** A spoken sentence at 48 kHz, as a page's microphone gives it. */
export async function callerSpeech(text: string, voice: CallerVoice): Promise<Speech> {
  const speech = await narrowCallerSpeech(text, voice);
  return { ...speech, sound: { sampleRateHz: 48_000, pcm: resample(speech.sound.pcm, 16_000, 48_000) } };
}

/** The same at 16 kHz, without the voice's own long silences. Kept in the user's cache folder. */
export async function narrowCallerSpeech(text: string, voice: CallerVoice): Promise<Speech> {
  const key = createHash('sha256').update(`${voice}\n${text}`).digest('hex').slice(0, 32);
  const file = join(cacheFolder, `${key}.wav`);
  const wav = await readFile(file).catch(() => synthesise(text, voice, file));
  const { sampleRateHz, pcm } = decodeWav(wav);
  if (sampleRateHz !== 16_000) throw new Error(`Voice ${voice} speaks at ${sampleRateHz} Hz; 16,000 was expected.`);
  const span = audibleSpan(pcm, sampleRateHz);
  if (span === null) throw new Error(`Voice ${voice} said nothing for "${text}".`);
  const fromMs = Math.max(0, span.fromMs - marginMs);
  const part = pcm.subarray(fromMs * 16, Math.min(pcm.length, (span.toMs + marginMs) * 16));
  return {
    sound: { sampleRateHz, pcm: part },
    audibleFromMs: span.fromMs - fromMs,
    audibleToMs: span.toMs - fromMs,
  };
}

async function synthesise(text: string, voice: CallerVoice, file: string): Promise<Buffer> {
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  await run(process.execPath, [voiceProcess, voice, unfinished, text], { timeout: 30_000 });
  await rename(unfinished, file);
  return await readFile(file);
}
