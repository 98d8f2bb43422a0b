type Bounded = Pick<Request | Response, 'headers' | 'body'>;

/** Text of a body, never reading more than `maxBytes`; null when there is more. */
export async function readBoundedText(source: Bounded, maxBytes: number): Promise<string | null> {
  const bytes = await readBoundedBytes(source, maxBytes);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** The body as it came, never reading more than `maxBytes`; null when there is more. */
export async function readBoundedBytes(
  { headers, body }: Bounded,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  // The declared length spares reading what will be refused; the count below does not trust it.
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    await body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
