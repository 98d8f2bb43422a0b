import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeWav, type Sound } from './wav.ts';
import { wordsOf } from './word-error-rate.ts';

const run = promisify(execFile);
const transcribeProcess = join(import.meta.dirname, 'transcribe-process.ts');

/** What the server's recogniser hears in a sound (16 kHz) when it knows the words of `sentences`. */
export async function transcribe(sound: Sound, sentences: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-transcribe-'));
  try {
    const [wav, phrases] = [join(folder, 'sound.wav'), join(folder, 'phrases.json')];
    await writeFile(wav, encodeWav(sound));
    await writeFile(phrases, JSON.stringify(sentences.map((sentence) => wordsOf(sentence).join(' '))));
    const { stdout } = await run(process.execPath, [transcribeProcess, wav, phrases, folder], { timeout: 60_000 });
    return wordsOf(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
