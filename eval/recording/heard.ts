import { Decoder } from '@evan/opus';
import type { Product } from '../product/product.ts';
import { readPages } from '../../server/audio/ogg.ts';
import type { Sound } from '../../server/audio/wav.ts';

const sampleRateHz = 16_000;

/** The file as staff get it. */
export async function fetchRecording(product: Product, callId: string): Promise<Uint8Array> {
  const { urls, business, secrets } = product.stack;
  const response = await fetch(`${urls.control}/v1/businesses/${business}/calls/${callId}/recording`, {
    headers: { authorization: `Bearer ${secrets.STAFF_KEY}` },
  });
  if (!response.ok) throw new Error(`The recording was answered ${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Both sides of it: the caller is left, the agent right. */
export function sidesOf(file: Uint8Array): { caller: Sound; agent: Sound; whole: boolean } {
  const { pages, bytes } = readPages(file);
  const decoder = new Decoder({ channels: 2, sample_rate: sampleRateHz });
  const frames = pages
    .slice(2)
    .flatMap((page) => page.packets)
    .map((packet) => new Int16Array(decoder.decode(packet).slice().buffer));
  const side = (index: 0 | 1): Sound => ({
    sampleRateHz,
    pcm: Int16Array.from(frames.flatMap((frame) => Array.from(frame)).filter((_, at) => at % 2 === index)),
  });
  return { caller: side(0), agent: side(1), whole: bytes === file.length };
}
