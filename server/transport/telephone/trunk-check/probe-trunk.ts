import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, isIPv6 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import type { Trunk } from '../auth/trunk.ts';
import { TrunkClient, type Answered } from '../dialog/trunk-client.ts';
import { headersOf, listOf } from '../message/sip-message.ts';
import { parseVia } from '../message/via.ts';
import { writeHostPort } from '../message/uri.ts';
import type { PortRange } from '../rtp/port-range.ts';
import { parseSdp } from '../sdp/parse-sdp.ts';
import { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { IncomingListener } from '../transport/incoming.ts';
import { locate, type NameResolver } from '../transport/locate.ts';
import { Network } from '../transport/network.ts';
import { OutgoingConnections } from '../transport/outgoing-connections.ts';
import { SourceLimit } from '../transport/source-limit.ts';
import { UdpTransport } from '../transport/udp.ts';
import type { TrunkFacts } from './trunk-facts.ts';

export interface ProbeOptions {
  readonly trunk: Trunk & { readonly address: NonNullable<Trunk['address']> };
  /** To listen on: 0.0.0.0, or one of this machine's addresses. */
  readonly host: string;
  /** Where trunks are told to reach us. */
  readonly announcedAddress: string;
  readonly rtpPorts: PortRange;
  /** PEM: authorities that are trusted beside the usual ones. */
  readonly authorities?: string | undefined;
  readonly resolver: NameResolver;
  readonly now: () => number;
  /** Who says nothing for so long does not answer. Default 8,000. */
  readonly patienceMs?: number;
}

const dayMs = 24 * 60 * 60_000;
/** Ports of the range that are tried. */
const rtpTries = 8;

/** Asks a trunk as a node would, from a port of its own. Leaves nothing behind: a registration that exists stays as it is. */
export async function probeTrunk(options: ProbeOptions): Promise<TrunkFacts> {
  const { trunk, host, announcedAddress, authorities, resolver, now, patienceMs = 8_000 } = options;
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const listener: IncomingListener = {
    request: () => undefined,
    response: (response) => transactions.response(response),
  };
  const connections = new OutgoingConnections({ listener, authorities, onFault });
  const udp = await UdpTransport.open({
    host,
    port: 0,
    listener,
    limit: new SourceLimit(now),
    trusts: () => false,
    onFault,
  });
  const transactions = new TransactionLayer(afterOf, {
    invite: () => undefined,
    request: () => undefined,
    ack: () => undefined,
  });
  const network = new Network({ udp, host, connections, resolver, random: Math.random });
  const newId = (): string => randomBytes(12).toString('hex');
  const local = (): { address: string; port: number } => ({ address: announcedAddress, port: udp.port });
  const client = new TrunkClient({
    address: trunk.address,
    account: trunk.account,
    network,
    transactions,
    local,
    newId,
  });
  try {
    const ways = await waysOf(options, connections);
    const fromMs = now();
    const asked = ways.some(({ fault }) => fault === undefined);
    const ask = (method: string, name: string, value: string): Promise<Answered | undefined> =>
      asked ? within(patienceMs, client.ask(method, [{ name, value }])) : Promise.resolve(undefined);
    const answered = await ask('OPTIONS', 'accept', 'application/sdp');
    const elapsedMs = now() - fromMs;
    // Takes back a registration that does not exist: whoever may do that may register.
    const hasLogin = trunk.account !== undefined && answered !== undefined;
    const login = hasLogin ? await ask('REGISTER', 'expires', '0') : undefined;
    return {
      ways,
      options: answered && { ...readOptions(answered), elapsedMs, sentAs: local() },
      login: { asked: hasLogin, status: login?.response.status },
      certificate: await certificateOf(options),
      rtp: await tryPorts(host, options.rtpPorts),
    };
  } finally {
    udp.close();
    connections.close();
  }
}

const afterOf = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const patience = new AbortController();
  const late = pause(ms, undefined, { signal: patience.signal }).catch(() => undefined);
  return await Promise.race([work, late]).finally(() => patience.abort());
}

async function waysOf(
  { trunk, resolver, host }: ProbeOptions,
  connections: OutgoingConnections,
): Promise<TrunkFacts['ways']> {
  const hops = await locate(trunk.address, resolver, Math.random);
  return await Promise.all(
    hops.slice(0, 5).map(async (hop) => {
      const way = { transport: hop.transport, place: writeHostPort(hop.address, hop.port) };
      if (hop.transport === 'UDP') {
        const other = isIPv6(hop.address) !== isIPv6(host);
        return other ? { ...way, fault: 'this machine listens on the other kind of IP address' } : way;
      }
      try {
        await connections.connect(hop);
        return way;
      } catch (error) {
        return { ...way, fault: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function readOptions({ response, flow }: Answered): Omit<NonNullable<TrunkFacts['options']>, 'elapsedMs' | 'sentAs'> {
  const via = parseVia(listOf(response, 'via')[0] ?? '');
  const rport = Number(via?.params.get('rport'));
  const description = response.body.length > 0 ? parseSdp(response.body) : undefined;
  const audio = description?.media.find(({ kind }) => kind === 'audio');
  const accepts = headersOf(response, 'accept');
  return {
    status: response.status,
    transport: flow.transport,
    peer: { address: flow.address, port: flow.port },
    seenAs: {
      address: via?.params.get('received'),
      port: Number.isInteger(rport) && rport > 0 ? rport : undefined,
    },
    media: audio && {
      codecs: audio.formats.map((type) => audio.codecs.get(type)?.name ?? String(type)),
      address: audio.address,
    },
    acceptsSdp:
      accepts.length === 0 ? undefined : accepts.some((value) => /application\/(?:sdp|\*)|\*\/\*/i.test(value)),
  };
}

/** Of the first server that speaks TLS; undefined where none has to. */
async function certificateOf({
  trunk,
  resolver,
  authorities,
  now,
  patienceMs = 8_000,
}: ProbeOptions): Promise<TrunkFacts['certificate']> {
  const hops = await locate(trunk.address, resolver, Math.random);
  const hop = hops.find(({ transport }) => transport === 'TLS');
  if (!hop) return undefined;
  const socket = connect({
    host: hop.address,
    port: hop.port,
    // Whatever it shows is looked at; a fault is reported, not passed over.
    rejectUnauthorized: false,
    ...(isIP(hop.serverName) === 0 ? { servername: hop.serverName } : {}),
    ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(patienceMs) });
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) return undefined;
    const named =
      isIP(hop.serverName) === 0 ? certificate.checkHost(hop.serverName) : certificate.checkIP(hop.serverName);
    const fault = named === undefined ? `it is not for ${hop.serverName}` : untrusted(socket);
    return { daysLeft: Math.floor((Date.parse(certificate.validTo) - now()) / dayMs), fault };
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** Node gives a code of OpenSSL, as DEPTH_ZERO_SELF_SIGNED_CERT. */
function untrusted(socket: TLSSocket): string | undefined {
  return socket.authorized
    ? undefined
    : `no authority that we trust stands for it (${String(socket.authorizationError)})`;
}

/** Whether this machine lets us have them. What a firewall does to them cannot be seen from here. */
async function tryPorts(host: string, { from, to }: PortRange): Promise<TrunkFacts['rtp']> {
  const step = Math.max(1, Math.floor((to - from + 1) / rtpTries));
  const ports = Array.from({ length: rtpTries }, (_, index) => from + index * step).filter((port) => port <= to);
  const opened = await Promise.all(ports.map((port) => canOpen(host, port)));
  return { tried: ports.length, opened: opened.filter(Boolean).length };
}

async function canOpen(host: string, port: number): Promise<boolean> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
