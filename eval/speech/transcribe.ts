import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { encodeWav, type Sound } from '../../server/audio/wav.ts';
import { wordsOf } from './word-error-rate.ts';

const run = promisify(execFile);
const transcribeProcess = join(import.meta.dirname, 'transcribe-process.ts');

const Answer = v.pipe(v.string(), v.parseJson(), v.object({ text: v.string(), unknownWords: v.array(v.string()) }));

export interface Transcription {
  readonly words: readonly string[];
  /** Of `sentences`: not in the recogniser's dictionary. A sentence with one of them cannot be heard. */
  readonly unknownWords: ReadonlySet<string>;
}

/** What the server's recogniser hears in a sound (16 kHz) when it knows the words of `sentences`. */
export async function transcribe(sound: Sound, sentences: readonly string[]): Promise<Transcription> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-transcribe-'));
  try {
    const [wav, phrases] = [join(folder, 'sound.wav'), join(folder, 'phrases.json')];
    await writeFile(wav, encodeWav(sound));
    await writeFile(phrases, JSON.stringify(sentences.map((sentence) => wordsOf(sentence).join(' '))));
    const { stdout } = await run(process.execPath, [transcribeProcess, wav, phrases, folder], { timeout: 60_000 });
    const { text, unknownWords } = v.parse(Answer, stdout);
    return { words: wordsOf(text), unknownWords: new Set(unknownWords) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
