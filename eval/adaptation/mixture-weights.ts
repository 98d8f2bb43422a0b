/** PocketSphinx keeps weights as negative logs to this base, shifted right by 10 bits. */
const logBase = 1.0001;
const logShift = 1 << 10;
const byteOrderMark = 0x11223344;

export interface MixtureSize {
  readonly streams: number;
  readonly densities: number;
  readonly senones: number;
}

/**
 * sphinxtrain's mixture weights from PocketSphinx's `sendump`, which has one byte for each: streams, then densities, then
 * senones. The weights of a senone add up to 1 in every stream.
 */
export function mixtureWeights(sendump: Buffer, { streams, densities, senones }: MixtureSize): Buffer {
  const count = streams * densities * senones;
  const start = sendump.length - count;
  if (start < 8 || sendump.readInt32LE(start - 8) !== densities || sendump.readInt32LE(start - 4) !== senones)
    throw new Error(`The model's sendump must end in ${densities} x ${senones} weights of one byte a stream.`);
  const header = Buffer.from('s3\nversion 1.0\nendhdr\n');
  const body = Buffer.alloc(5 * 4 + count * 4);
  for (const [index, value] of [byteOrderMark, senones, streams, densities, count].entries())
    body.writeUInt32LE(value, index * 4);
  const byteAt = (stream: number, density: number, senone: number): number =>
    sendump[start + (stream * densities + density) * senones + senone] ?? 0;
  let at = 5 * 4;
  for (let senone = 0; senone < senones; senone += 1) {
    for (let stream = 0; stream < streams; stream += 1) {
      const weights = Array.from(
        { length: densities },
        (_, density) => logBase ** (-logShift * byteAt(stream, density, senone)),
      );
      const sum = weights.reduce((total, weight) => total + weight, 0);
      for (const weight of weights) at = body.writeFloatLE(weight / sum, at);
    }
  }
  return Buffer.concat([header, body]);
}
