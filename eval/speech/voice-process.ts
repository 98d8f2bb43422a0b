/**
 * Says one sentence into a WAV file: `node voice-process.ts <rms|awb|slt> <file> <text>`. A process of its
 * own, so that a fault in the native library cannot take a test run with it.
 */
import { writeFileSync } from 'node:fs';
import koffi from 'koffi';
import { encodeWav } from '../../server/audio/wav.ts';

const [, , voiceName, file, text] = process.argv;
if (voiceName === undefined || file === undefined || text === undefined || !/^[a-z]{3}$/.test(voiceName)) {
  throw new Error('Usage: voice-process.ts <rms|awb|slt> <file> <text>');
}

const flite = koffi.load('libflite.so.1');
const voiceLibrary = koffi.load(`libflite_cmu_us_${voiceName}.so.1`);
const wave = koffi.struct({ type: 'void *', rateHz: 'int', samples: 'int', channels: 'int', data: 'void *' });

flite.func('int flite_init()')();
const voice: unknown = voiceLibrary.func(`void *register_cmu_us_${voiceName}(void *)`)(null);
const spoken: unknown = flite.func('void *flite_text_to_wave(const char *, void *)')(text, voice);
const { rateHz, samples, data } = koffi.decode(spoken, wave) as { rateHz: number; samples: number; data: unknown };
const pcm = koffi.decode(data, koffi.array('int16', samples, 'Typed')) as Int16Array;
writeFileSync(file, encodeWav({ sampleRateHz: rateHz, pcm }));
