import { inject } from 'vitest';
import * as v from 'valibot';

const ReceivedMail = v.object({
  from: v.string(),
  to: v.array(v.string()),
  user: v.optional(v.string()),
  secure: v.boolean(),
  raw: v.string(),
});
export type ReceivedMail = v.InferOutput<typeof ReceivedMail>;

/** What the test's mail server has received for an address, oldest first. */
export async function mailFor(address: string): Promise<ReceivedMail[]> {
  const { inspectionPort } = inject('mailServer');
  const response = await fetch(`http://127.0.0.1:${inspectionPort}/?to=${encodeURIComponent(address)}`);
  return v.parse(v.array(ReceivedMail), await response.json());
}

/** A new address. The server refuses `refused@`, and asks `later@` to come back the first time. */
export const newAddress = (name: string): string => `${name}@${crypto.randomUUID().slice(0, 8)}.example`;

/** The parts of a message, decoded, by their type. */
export function partsOf({ raw }: ReceivedMail): { type: string; text: string }[] {
  return [
    ...raw.matchAll(
      /Content-Type: ([^\r\n]+)\r\nContent-Transfer-Encoding: base64\r\n(?:.+\r\n)*\r\n([A-Za-z0-9+/=\r\n]*)/g,
    ),
  ].map(([, type = '', body = '']) => ({
    type,
    text: new TextDecoder().decode(Uint8Array.fromBase64(body.replace(/\s/g, ''))),
  }));
}
