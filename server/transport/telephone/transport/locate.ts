import { isIP } from 'node:net';
import type { Flow } from './flow.ts';

/** One address to try. */
export interface Hop {
  readonly transport: Flow['transport'];
  readonly address: string;
  readonly port: number;
  /** Whom a TLS certificate must name: what was configured, not what DNS said (RFC 5922 §4). */
  readonly serverName: string;
}

export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly service: string;
  readonly replacement: string;
}

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** What DNS says. Of a name that has no such records, an empty list. */
export interface NameResolver {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<readonly string[]>;
}

export interface Place {
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: Flow['transport'] | undefined;
}

const services = { UDP: '_sip._udp', TCP: '_sip._tcp', TLS: '_sips._tcp' } as const;
const naptrServices: Readonly<Record<string, Flow['transport']>> = {
  'SIP+D2U': 'UDP',
  'SIP+D2T': 'TCP',
  'SIPS+D2T': 'TLS',
};
/** Records and addresses beyond these are not tried. */
const maxRecords = 10;
const maxHops = 20;

/**
 * Where to send a request, the best place first (RFC 3263 §4).
 *
 * @param random 0 to 1, for servers of the same priority.
 */
export async function locate(place: Place, resolver: NameResolver, random: () => number): Promise<Hop[]> {
  const { host, port, transport } = place;
  if (isIP(host) !== 0 || port !== undefined) {
    return hopsOf(host, port, transport ?? 'UDP', host, resolver);
  }
  const asked = transport === undefined ? await servicesOf(host, resolver) : [serviceOf(host, transport)];
  const hops: Hop[] = [];
  for (const { name, by } of asked) {
    const records = inOrder(await resolver.srv(name), random).slice(0, maxRecords);
    for (const record of records) hops.push(...(await hopsOf(record.name, record.port, by, host, resolver)));
  }
  return hops.length > 0 ? hops.slice(0, maxHops) : hopsOf(host, undefined, transport ?? 'UDP', host, resolver);
}

interface Service {
  readonly name: string;
  readonly by: Flow['transport'];
}

const serviceOf = (host: string, by: Flow['transport']): Service => ({ name: `${services[by]}.${host}`, by });

/** By NAPTR records where there are any; else each transport's usual name. */
async function servicesOf(host: string, resolver: NameResolver): Promise<Service[]> {
  const records = (await resolver.naptr(host)).toSorted((a, b) => a.order - b.order || a.preference - b.preference);
  const named = records.slice(0, maxRecords).flatMap(({ service, replacement }) => {
    const by = naptrServices[service.toUpperCase()];
    return by === undefined || replacement === '' ? [] : [{ name: replacement, by }];
  });
  return named.length > 0 ? named : [serviceOf(host, 'UDP'), serviceOf(host, 'TCP'), serviceOf(host, 'TLS')];
}

/** By priority; of the same priority by chance, weighed (RFC 2782). A name of `.` means that the service is not there. */
function inOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const left = records.filter(({ name }) => name !== '' && name !== '.').toSorted((a, b) => a.weight - b.weight);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const priority = Math.min(...left.map((record) => record.priority));
    const equals = left.filter((record) => record.priority === priority);
    const total = equals.reduce((sum, { weight }) => sum + weight, 0);
    let draw = random() * total;
    const chosen = equals.find(({ weight }) => (draw -= weight) <= 0) ?? equals.at(-1);
    if (!chosen) break;
    left.splice(left.indexOf(chosen), 1);
    ordered.push(chosen);
  }
  return ordered;
}

async function hopsOf(
  name: string,
  port: number | undefined,
  transport: Flow['transport'],
  serverName: string,
  resolver: NameResolver,
): Promise<Hop[]> {
  const addresses = isIP(name) === 0 ? await resolver.addresses(name) : [name];
  const usual = transport === 'TLS' ? 5_061 : 5_060;
  return addresses.slice(0, maxRecords).map((address) => ({ transport, address, port: port ?? usual, serverName }));
}
