/** Int16 mono. */
export interface Sound {
  readonly sampleRateHz: number;
  readonly pcm: Int16Array;
}

const headerBytes = 44;

/** RIFF/WAVE, PCM, 16 bit, one channel. */
export function encodeWav(sound: Sound): Buffer {
  const bytes = sound.pcm.length * 2;
  const out = Buffer.alloc(headerBytes + bytes);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(36 + bytes, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(sound.sampleRateHz, 24);
  out.writeUInt32LE(sound.sampleRateHz * 2, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(bytes, 40);
  sound.pcm.forEach((sample, index) => out.writeInt16LE(sample, headerBytes + index * 2));
  return out;
}

/** Reads what `encodeWav` writes: a 44-byte header, then samples. */
export function decodeWav(file: Buffer): Sound {
  if (file.length < headerBytes || file.toString('latin1', 8, 16) !== 'WAVEfmt ' || file.readUInt16LE(22) !== 1) {
    throw new Error('Not a mono PCM WAV file with a 44-byte header.');
  }
  const pcm = new Int16Array((file.length - headerBytes) >> 1);
  for (let index = 0; index < pcm.length; index += 1) pcm[index] = file.readInt16LE(headerBytes + index * 2);
  return { sampleRateHz: file.readUInt32LE(24), pcm };
}
