import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locate, type NameResolver, type Place, type SrvRecord } from './locate.ts';

const nothing: NameResolver = {
  naptr: () => Promise.resolve([]),
  srv: () => Promise.resolve([]),
  addresses: () => Promise.resolve([]),
};

/** Names of one carrier, as its DNS has them. */
function resolver(records: {
  naptr?: [number, number, string, string][];
  srv?: Record<string, [string, number, number, number][]>;
  addresses?: Record<string, string[]>;
}): NameResolver {
  return {
    naptr: () =>
      Promise.resolve(
        (records.naptr ?? []).map(([order, preference, service, replacement]) => ({
          order,
          preference,
          service,
          replacement,
        })),
      ),
    srv: (name) =>
      Promise.resolve(
        (records.srv?.[name] ?? []).map(([target, port, priority, weight]) => ({
          name: target,
          port,
          priority,
          weight,
        })),
      ),
    addresses: (name) => Promise.resolve(records.addresses?.[name] ?? []),
  };
}

const addresses = {
  'a.example': ['192.0.2.1', '2001:db8::1'],
  'b.example': ['192.0.2.2'],
  'sip.example': ['192.0.2.9'],
};
const place = (host: string, port?: number, transport?: Place['transport']): Place => ({ host, port, transport });
const written = async (where: Place, names: NameResolver, random = 0.5): Promise<string[]> =>
  (await locate(where, names, () => random)).map((hop) => `${hop.transport} ${hop.address} ${hop.port}`);

test.each<[string, Place, string[]]>([
  ['an address is taken as it is', place('192.0.2.5'), ['UDP 192.0.2.5 5060']],
  ['with its port and transport', place('192.0.2.5', 5_080, 'TCP'), ['TCP 192.0.2.5 5080']],
  ['TLS has a usual port of its own', place('2001:db8::5', undefined, 'TLS'), ['TLS 2001:db8::5 5061']],
  [
    'a name with a port has no records but its addresses',
    place('a.example', 5_080),
    ['UDP 192.0.2.1 5080', 'UDP 2001:db8::1 5080'],
  ],
  ['a name without service records is an address', place('sip.example', undefined, 'TLS'), ['TLS 192.0.2.9 5061']],
  ['a name that does not exist is nowhere', place('no.example'), []],
])('%s', async (_, where, hops) => {
  expect(await written(where, resolver({ addresses }))).toEqual(hops);
});

test('NAPTR records choose the transport, by order and preference', async () => {
  const names = resolver({
    naptr: [
      [20, 1, 'SIP+D2U', '_sip._udp.carrier.example'],
      [10, 5, 'SIP+D2T', '_sip._tcp.carrier.example'],
      [10, 2, 'SIPS+D2T', '_sips._tcp.carrier.example'],
      [1, 1, 'SIP+D2S', '_sip._sctp.carrier.example'],
    ],
    srv: {
      '_sip._udp.carrier.example': [['a.example', 5_060, 1, 1]],
      '_sip._tcp.carrier.example': [['b.example', 5_070, 1, 1]],
      '_sips._tcp.carrier.example': [['b.example', 5_071, 1, 1]],
    },
    addresses,
  });
  expect(await written(place('carrier.example'), names)).toEqual([
    'TLS 192.0.2.2 5071',
    'TCP 192.0.2.2 5070',
    'UDP 192.0.2.1 5060',
    'UDP 2001:db8::1 5060',
  ]);
  expect((await locate(place('carrier.example'), names, () => 0))[0]?.serverName).toBe('carrier.example');
});

test('SRV records by priority; a dot says that there is none', async () => {
  const names = resolver({
    srv: {
      '_sip._udp.carrier.example': [
        ['a.example', 5_061, 20, 0],
        ['b.example', 5_062, 10, 0],
      ],
      '_sip._tcp.carrier.example': [['.', 0, 0, 0]],
    },
    addresses,
  });
  expect(await written(place('carrier.example'), names)).toEqual([
    'UDP 192.0.2.2 5062',
    'UDP 192.0.2.1 5061',
    'UDP 2001:db8::1 5061',
  ]);
});

test('of the same priority the heavier is first more often, in the measure of the weights', async () => {
  const srv = {
    '_sip._udp.carrier.example': [
      ['a.example', 1, 1, 30],
      ['b.example', 2, 1, 10],
    ] as [string, number, number, number][],
  };
  const names = resolver({ srv, addresses });
  const draws = Array.from({ length: 40 }, (_, index) => (index + 0.5) / 40);
  const first = await Promise.all(
    draws.map(async (draw) => (await written(place('carrier.example', undefined, 'UDP'), names, draw))[0]),
  );
  expect(first.filter((hop) => hop === 'UDP 192.0.2.1 1')).toHaveLength(30);
});

test('whatever DNS says, the hops are few and each server is named once', async () => {
  const record = fc.record<SrvRecord>({
    name: fc.constantFrom('a.example', 'b.example', '.', ''),
    port: fc.integer({ min: 0, max: 65_535 }),
    priority: fc.integer({ min: 0, max: 3 }),
    weight: fc.integer({ min: 0, max: 65_535 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (records, draw) => {
        const names = {
          ...nothing,
          srv: () => Promise.resolve(records),
          addresses: () => Promise.resolve(['192.0.2.1']),
        };
        const hops = await locate(place('carrier.example', undefined, 'UDP'), names, () => draw);
        const real = records.filter(({ name }) => name !== '' && name !== '.');
        expect(hops).toHaveLength(real.length === 0 ? 1 : Math.min(10, real.length));
      },
    ),
  );
});
