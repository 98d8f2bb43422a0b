/**
 * Reads a WAV file with the server's own embedded recogniser: `node transcribe-process.ts <wav> <phrases.json> <cache folder>`.
 * Prints JSON: the words, and those of the phrases that it cannot know. A process of its own, as the recogniser is native code.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { decodeWav } from '../../server/audio/wav.ts';

const [, , wavFile, phrasesFile, cacheFolder] = process.argv;
if (wavFile === undefined || phrasesFile === undefined || cacheFolder === undefined) {
  throw new Error('Usage: transcribe-process.ts <wav> <phrases.json> <cache folder>');
}
const phrases = v.parse(v.array(v.string()), JSON.parse(readFileSync(phrasesFile, 'utf8')));
const key = createHash('sha256').update(phrases.join('\n')).digest('hex').slice(0, 24);
const { sampleRateHz, pcm } = decodeWav(readFileSync(wavFile));
if (sampleRateHz !== 16_000) throw new Error(`Cannot transcribe ${sampleRateHz} Hz: must be 16,000.`);

const factory = await PocketSphinxFactory.prepare({ phrases, key, cacheFolder });
const recognizer = await factory.create();
const frame = 320;
for (let start = 0; start < pcm.length; start += frame) recognizer.feed(pcm.slice(start, start + frame));
const { text } = await recognizer.finish();
await recognizer.close();
console.log(JSON.stringify({ text, unknownWords: factory.unknownWords }));
