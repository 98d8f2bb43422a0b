/**
 * What a link carries to open one thing and nothing else: 128 bits that only the master key makes
 * (HMAC-SHA-256, under a key of its own purpose).
 */
export async function capability(masterKey: string, what: string): Promise<string> {
  const own = await hmac(new TextEncoder().encode(masterKey.trim()), 'parley links');
  const mac = await hmac(own, what);
  return mac.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true });
}

async function hmac(key: Uint8Array, text: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text)));
}
