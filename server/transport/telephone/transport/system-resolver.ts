import { lookup, Resolver } from 'node:dns/promises';
import type { NameResolver } from './locate.ts';

const dns = new Resolver({ timeout: 2_000, tries: 2 });

/** The resolver of this machine, its hosts file included. What does not answer has no records. */
export const systemResolver: NameResolver = {
  naptr: (name) => listOf(dns.resolveNaptr(name)),
  srv: (name) => listOf(dns.resolveSrv(name)),
  addresses: async (name) => (await listOf(lookup(name, { all: true }))).map(({ address }) => address),
};

function listOf<Item>(records: Promise<Item[]>): Promise<Item[]> {
  return records.catch(() => []);
}
