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

/** Reads mono PCM of 16 bit, also with chunks other than `fmt ` and `data`. */
export function decodeWav(file: Buffer): Sound {
  if (file.toString('latin1', 8, 12) !== 'WAVE') throw new Error('Not a WAV file.');
  let sampleRateHz = 0;
  let at = 12;
  while (at + 8 <= file.length) {
    const chunk = file.toString('latin1', at, at + 4);
    const bytes = file.readUInt32LE(at + 4);
    at += 8;
    if (chunk === 'fmt ') {
      const [format, channels, bits] = [file.readUInt16LE(at), file.readUInt16LE(at + 2), file.readUInt16LE(at + 14)];
      if (format !== 1 || channels !== 1 || bits !== 16) throw new Error('Not a WAV file of mono PCM with 16 bit.');
      sampleRateHz = file.readUInt32LE(at + 4);
    }
    if (chunk === 'data' && sampleRateHz > 0) {
      const pcm = new Int16Array(Math.min(bytes, file.length - at) >> 1);
      for (let index = 0; index < pcm.length; index += 1) pcm[index] = file.readInt16LE(at + index * 2);
      return { sampleRateHz, pcm };
    }
    // Chunks begin at even places.
    at += bytes + (bytes & 1);
  }
  throw new Error('A WAV file without sound.');
}
