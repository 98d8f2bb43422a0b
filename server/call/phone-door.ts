import { readFile } from 'node:fs/promises';
import type { EndReason } from '../../contract/call-event.ts';
import { join } from 'node:path';
import { answererPhrases } from '../agent/answerer/greeting-words.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import { PocketSphinxFactory } from '../provider/pocketsphinx/pocketsphinx.ts';
import type { Config } from '../config.ts';
import { PortPool } from '../transport/telephone/rtp/port-range.ts';
import { Telephone } from '../transport/telephone/telephone.ts';
import type { TrunkHealth } from '../transport/telephone/trunks.ts';
import { ActivePlaybooks } from './active-playbooks.ts';
import { OutboundDesk } from './outbound-desk.ts';
import type { DialPerson } from './person-line.ts';
import { PhoneDesk, type PhoneDeskOptions } from './phone-desk.ts';
import { personDialler } from './sip-person-line.ts';

export interface PhoneDoorOptions extends Pick<
  PhoneDeskOptions,
  | 'outbox'
  | 'delivery'
  | 'controlPlane'
  | 'playbooks'
  | 'detector'
  | 'languageModel'
  | 'pacer'
  | 'now'
  | 'log'
  | 'dialPerson'
  | 'maxJoinedMs'
  | 'openRecording'
> {
  readonly config: Config;
  /** Those that came through other doors: they count towards the most that the node takes. */
  readonly otherCalls: () => number;
}

/** The node's way to the telephone network. */
export interface PhoneDoor {
  readonly activeCalls: number;
  /** Places calls. */
  readonly outbound: OutboundDesk;
  /** Calls somebody of the business, whatever door their caller came through. */
  readonly dialPerson: DialPerson;
  /** No more calls: trunks are told to try another node. */
  drain(): void;
  /** Resolves when every call's record is whole. */
  endAll(reason: EndReason): Promise<void>;
  /** Takes registrations back. */
  close(): Promise<void>;
  /** Of the trunks that the node calls. */
  readonly trunks: readonly TrunkHealth[];
}

/** Undefined where the configuration has no telephone. Rejects when its port cannot be opened. */
export async function openPhoneDoor(options: PhoneDoorOptions): Promise<PhoneDoor | undefined> {
  const { config, log, otherCalls } = options;
  const port = config.PARLEY_SIP_PORT;
  if (port === undefined) return undefined;
  const ports = new PortPool(config.PARLEY_RTP_PORTS);
  const ringPerson = personDialler({
    telephone: () => telephone,
    trunks: config.PARLEY_SIP_TRUNKS,
    ports,
    host: config.PARLEY_HOST,
    announcedAddress: config.PARLEY_ANNOUNCED_ADDRESS,
    now: options.now,
  });
  const shared = {
    ...options,
    ports,
    host: config.PARLEY_HOST,
    announcedAddress: config.PARLEY_ANNOUNCED_ADDRESS,
    node: config.PARLEY_NODE_NAME,
  };
  const desk = new PhoneDesk({
    ...shared,
    activePlaybooks: new ActivePlaybooks({ controlPlane: options.controlPlane, folder: config.PARLEY_DATA_DIR }),
    numbers: new Map(Object.entries(config.PARLEY_PHONE_NUMBERS)),
    countryCode: config.PARLEY_PHONE_COUNTRY_CODE,
  });
  let draining = false;
  let placing: OutboundDesk | undefined;
  const activeCalls = (): number => desk.activeCalls + (placing?.activeCalls ?? 0);
  const vacancy = (): 'draining' | 'busy' | 'free' =>
    draining ? 'draining' : activeCalls() + otherCalls() >= config.PARLEY_MAX_CALLS ? 'busy' : 'free';
  const telephone: Telephone = await Telephone.open({
    host: config.PARLEY_HOST,
    port,
    tls: await readTls(config),
    authorities: config.PARLEY_SIP_TLS_CA ? await readPem(config.PARLEY_SIP_TLS_CA, 'PARLEY_SIP_TLS_CA') : undefined,
    announcedAddress: config.PARLEY_ANNOUNCED_ADDRESS,
    trunks: config.PARLEY_SIP_TRUNKS,
    limits: { perBusiness: config.PARLEY_CALLS_OUT, perBusinessADay: config.PARLEY_CALLS_OUT_A_DAY },
    now: options.now,
    vacancy,
    onCall: (leg, trunk) => desk.take(leg, trunk.name, trunk),
    onFault: (error) => log.error('The telephone had a fault', { error }),
    // Its cost is worth it only to somebody who looks.
    onMessage:
      config.PARLEY_LOG_LEVEL === 'debug'
        ? (direction, peer, text) => log.debug('A SIP message', { direction, peer, text })
        : undefined,
    onTrunk: ({ name, state, registered }, status) => {
      const fields = { trunk: name, state, ...(registered === undefined ? {} : { registered }), status };
      if (state === 'down' || registered === false) log.warn('A trunk is not as it should be', fields);
      else log.info('A trunk is ready', fields);
    },
  });
  const outbound = new OutboundDesk({
    ...shared,
    answerers: answerers(config.PARLEY_DATA_DIR),
    telephone,
    trunks: config.PARLEY_SIP_TRUNKS,
    vacancy,
  });
  placing = outbound;
  log.info('The telephone is ready', {
    port: telephone.port,
    trunks: config.PARLEY_SIP_TRUNKS.map(({ name }) => name),
  });
  return {
    get activeCalls() {
      return activeCalls();
    },
    outbound,
    dialPerson: ringPerson,
    drain: () => void (draining = true),
    endAll: async (reason) => void (await Promise.all([desk.endAll(reason), outbound.endAll(reason)])),
    close: () => telephone.close(),
    get trunks() {
      return telephone.trunks;
    },
  };
}

/** Compiled when the first call is placed. */
function answerers(folder: string): RecognizerFactory {
  let prepared: Promise<RecognizerFactory> | undefined;
  return {
    create: async (watch) => {
      prepared ??= PocketSphinxFactory.prepare({
        phrases: answererPhrases,
        key: 'answerers',
        cacheFolder: join(folder, 'speech-models'),
      });
      return (await prepared).create(watch);
    },
  };
}

async function readTls(config: Config): Promise<{ port: number; key: string; cert: string } | undefined> {
  const { PARLEY_SIP_TLS_PORT: port, PARLEY_SIP_TLS_CERT: certFile, PARLEY_SIP_TLS_KEY: keyFile } = config;
  if (port === undefined) return undefined;
  const [cert, key] = await Promise.all([
    readPem(certFile, 'PARLEY_SIP_TLS_CERT'),
    readPem(keyFile, 'PARLEY_SIP_TLS_KEY'),
  ]);
  return { port, key, cert };
}

function readPem(file: string, setting: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`Cannot read ${file}. Set ${setting} to a file in PEM that this user may read.`, { cause });
  });
}
