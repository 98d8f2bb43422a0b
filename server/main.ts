import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { NodeReport } from '../contract/fleet.ts';
import { frameMs } from './audio/frame.ts';
import type { VoiceActivityDetector } from './agent/listen/voice-activity.ts';
import { Pacer } from './agent/speak/pacer.ts';
import { Engines } from './call/engines.ts';
import { JoinDesk } from './call/join-desk.ts';
import { openPhoneDoor } from './call/phone-door.ts';
import type { DialPerson } from './call/person-line.ts';
import { Playbooks } from './call/playbooks.ts';
import { Reception } from './call/reception.ts';
import { recordings } from './call/recordings.ts';
import { afterOnThisMachine } from './call/silence-timer.ts';
import { StreamDesk } from './call/stream-desk.ts';
import { type Config, readConfig } from './config.ts';
import { drained } from './drain.ts';
import { ControlPlane } from './http/control-plane.ts';
import { FleetMember } from './http/fleet-member.ts';
import { listen } from './http/listener.ts';
import { orderRoutes } from './http/order-routes.ts';
import { createLog } from './observe/log.ts';
import { Delivery } from './outbox/delivery.ts';
import { Outbox } from './outbox/outbox.ts';
import { PartDelivery } from './record/part-delivery.ts';
import { Spool } from './record/spool.ts';
import { SileroModel } from './provider/silero/silero.ts';
import { MediaWorkers } from './transport/browser/media-workers.ts';

const now = Date.now;
/** Who orders a node to drain wants its calls to end by themselves, whatever a signal would do. */
const orderedDrainSeconds = 1_800;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ write: (line) => process.stdout.write(`${line}\n`), now, level: config.PARLEY_LOG_LEVEL });
  const stopped = Promise.withResolvers<StopCause>();
  // Whoever says it twice, or with Ctrl-C, does not want to wait for calls.
  const hurried = Promise.withResolvers<void>();
  let terms = 0;
  // Before mediasoup's own handlers, which would close its workers under running calls.
  process.on('SIGTERM', () => {
    stopped.resolve('SIGTERM');
    terms += 1;
    if (terms > 1) hurried.resolve();
  });
  process.on('SIGINT', () => {
    stopped.resolve('SIGINT');
    hurried.resolve();
  });

  // Each call catches its own faults. What still gets here belongs to none: it must not end the calls that are up.
  process.on('uncaughtException', (error) => log.error('A fault outside any call', { error }));
  process.on('unhandledRejection', (error) => log.error('A fault outside any call', { error }));

  await mkdir(config.PARLEY_DATA_DIR, { recursive: true, mode: 0o700 });
  const outbox = new Outbox(join(config.PARLEY_DATA_DIR, 'outbox.sqlite'), now);
  const interrupted = outbox.closeInterrupted();
  if (interrupted > 0) log.warn('Calls of an earlier run were closed as interrupted', { calls: interrupted });

  const controlPlane = new ControlPlane({ url: config.PARLEY_CONTROL_URL, nodeKey: config.PARLEY_NODE_KEY });
  const delivery = new Delivery({ outbox, log, send: (callId, batch) => controlPlane.sendEvents(callId, batch) });
  const spool: Spool = new Spool(join(config.PARLEY_DATA_DIR, 'recordings'), () => parts.notify());
  const parts = new PartDelivery({
    spool,
    log,
    send: (part, bytes) => controlPlane.sendRecordingPart(part, bytes),
    after: afterOnThisMachine,
  });
  const unfinished = spool.recover();
  if (unfinished > 0) log.warn('Recordings of an earlier run end where it ended', { recordings: unfinished });
  const engines = await Engines.load(config, now);
  const silero = await SileroModel.load();
  const playbooks = new Playbooks({ controlPlane, engines, log, folder: config.PARLEY_DATA_DIR });
  const rtc = {
    listenAddress: config.PARLEY_HOST,
    port: config.PARLEY_RTC_PORT,
    announcedAddress: config.PARLEY_ANNOUNCED_ADDRESS,
  };
  const workers = await MediaWorkers.start(rtc, config.PARLEY_MEDIA_WORKERS, log);
  const pacer = new Pacer(frameMs, () => performance.now());
  const { languageModel } = engines;
  const detector = (): VoiceActivityDetector => silero.detector();
  const openRecording = recordings({ spool, pacer, now, log });
  const maxJoinedMs = 60_000 * config.PARLEY_MAX_JOINED_MINUTES;
  const call = { log, now, pacer, detector, languageModel, openRecording, maxJoinedMs };
  const shared = { ...call, playbooks, outbox, delivery, controlPlane };
  const joinDesk = new JoinDesk(workers);
  const dialPerson: DialPerson = (act, call) =>
    act.way === 'browser' ? joinDesk.dialPerson(act, call) : phone?.dialPerson(act, call);
  const admission = {
    ...shared,
    dialPerson,
    node: config.PARLEY_NODE_NAME,
    sessionKey: new TextEncoder().encode(config.PARLEY_SESSION_KEY),
    maxCalls: config.PARLEY_MAX_CALLS,
  };
  const reception: Reception = new Reception({
    ...admission,
    workers,
    joinDesk,
    otherCalls: () => streams.activeCalls + (phone?.activeCalls ?? 0),
  });
  const streams: StreamDesk = new StreamDesk({
    ...admission,
    otherCalls: () => reception.activeCalls + (phone?.activeCalls ?? 0),
  });
  const phone = await openPhoneDoor({
    ...shared,
    dialPerson,
    config,
    otherCalls: () => reception.activeCalls + streams.activeCalls,
  });
  const activeCalls = (): number => reception.activeCalls + streams.activeCalls + (phone?.activeCalls ?? 0);
  const run = randomUUID();
  const version = await productVersion();
  const fleet = new FleetMember({
    controlPlane,
    log,
    onDrain: () => stopped.resolve('drain order'),
    describe: () => ({
      ...reachable(config),
      run,
      version,
      name: config.PARLEY_NODE_NAME,
      capacity: config.PARLEY_MAX_CALLS,
      activeCalls: activeCalls(),
      playbooks: playbooks.warm.slice(-500),
      businesses: [...new Set(outbox.calls().map(({ business }) => business))].slice(0, 2_000),
    }),
  });
  const server = await listen({
    host: config.PARLEY_HOST,
    port: config.PARLEY_SIGNALING_PORT,
    now,
    health: () => ({
      node: config.PARLEY_NODE_NAME,
      activeCalls: activeCalls(),
      inFleet: fleet.heard,
      ...(phone ? { trunks: phone.trunks } : {}),
    }),
    routes: orderRoutes({ nodeKey: config.PARLEY_NODE_KEY, desk: () => phone?.outbound }),
    onSignaling: (socket, origin) => reception.welcome(socket, origin),
    onStream: (carrier, socket) => streams.welcome(carrier, socket),
  });
  delivery.start();
  parts.notify();
  fleet.start();
  void playbooks.warmUp();
  log.info('The media node is ready', { node: config.PARLEY_NODE_NAME, port: config.PARLEY_SIGNALING_PORT });

  const cause = await stopped.promise;
  log.info('The media node stops', { cause, activeCalls: activeCalls() });
  phone?.drain();
  const patienceMs = 1_000 * Math.max(config.PARLEY_DRAIN_SECONDS, cause === 'drain order' ? orderedDrainSeconds : 0);
  if (patienceMs > 0) await Promise.race([fleet.drain().then(() => drained(activeCalls, patienceMs)), hurried.promise]);
  server.close();
  playbooks.stop();
  // What can't be recorded or delivered now is on disk for the next start.
  await within(
    500,
    Promise.all([
      fleet.leave(),
      reception.endAll('shut-down'),
      streams.endAll('shut-down'),
      phone?.endAll('shut-down'),
    ]),
  );
  await within(500, Promise.all([delivery.stop(), parts.stop()]));
  await within(500, Promise.resolve(phone?.close()));
  workers.close();
  outbox.close();
  process.exit(0);
}

type StopCause = 'SIGTERM' | 'SIGINT' | 'drain order';

/** Where pages, carriers and trunks find this node. */
function reachable(config: Config): Pick<NodeReport, 'signalingUrl' | 'sipUri' | 'region'> {
  const { PARLEY_ANNOUNCED_ADDRESS: address, PARLEY_SIP_PORT: sipPort, PARLEY_NODE_REGION: region } = config;
  return {
    signalingUrl: config.PARLEY_SIGNALING_URL ?? `ws://${address}:${config.PARLEY_SIGNALING_PORT}/v1/signaling`,
    ...(sipPort === undefined ? {} : { sipUri: `sip:${address}:${sipPort}` }),
    ...(region === undefined ? {} : { region }),
  };
}

async function productVersion(): Promise<string> {
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return v.parse(v.object({ version: v.string() }), JSON.parse(file)).version;
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
