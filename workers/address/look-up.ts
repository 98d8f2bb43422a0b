import * as v from 'valibot';
import { readBoundedText } from '../bounded-text.ts';
import { addressTrouble, isAddress, type Trouble } from './public-address.ts';

const timeoutMs = 5_000;
const maxAnswerBytes = 64_000;

/** The JSON form of DNS over HTTPS (developers.google.com/speed/public-dns/docs/doh/json). */
const DnsAnswer = v.object({
  Status: v.number(),
  Answer: v.optional(v.array(v.object({ type: v.number(), data: v.string() })), []),
});

const recordTypes = { A: 1, AAAA: 28 } as const;

/**
 * Whether the name in a URL leads to public addresses only, by a resolver that is asked over HTTPS. Trouble too where it
 * cannot be told. The connection resolves the name once more, so this cannot rule out a name that changes in between.
 */
export async function lookUpTrouble(url: string, resolverUrl: string): Promise<Trouble> {
  const { hostname } = new URL(url);
  if (isAddress(hostname)) return null;
  try {
    const found = await Promise.all([lookUp(hostname, 'A', resolverUrl), lookUp(hostname, 'AAAA', resolverUrl)]);
    const addresses = found.flat();
    if (addresses.length === 0) return `The name ${hostname} leads nowhere.`;
    const bad = addresses.map(addressTrouble).find((trouble) => trouble !== null);
    return bad === undefined ? null : `The name ${hostname} leads to a private network: ${bad}`;
  } catch {
    return `The name ${hostname} could not be looked up.`;
  }
}

async function lookUp(name: string, type: keyof typeof recordTypes, resolverUrl: string): Promise<string[]> {
  const url = new URL(resolverUrl);
  url.searchParams.set('name', name);
  url.searchParams.set('type', type);
  const response = await fetch(url.href, {
    headers: { accept: 'application/dns-json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await readBoundedText(response, maxAnswerBytes);
  const { Answer } = v.parse(DnsAnswer, JSON.parse(text ?? ''));
  // Names on the way there (CNAME) come along.
  return Answer.filter((record) => record.type === recordTypes[type]).map(({ data }) => data);
}
