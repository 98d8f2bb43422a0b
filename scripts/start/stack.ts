import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from '../setup/lock.mjs';
import { workerBinaryPath } from '../setup/mediasoup-worker.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { writeAddress } from './address.ts';
import { ManagedProcess } from './managed-process.ts';
import { isPlaceable } from './placeable.ts';
import { findFreePort } from './ports.mjs';
import { loadSecrets, type Secrets } from './secrets.ts';
import { compileFolder, seedBusiness } from './seed.ts';

/** No telemetry, no variables of a file that happens to be there. */
const quietWrangler = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'false',
  NO_COLOR: '1',
};

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface StackPorts {
  /** Control plane, HTTP. */
  readonly control: number;
  /** Media node, signaling. */
  readonly signaling: number;
  /** Media node, audio: UDP and TCP. */
  readonly rtc: number;
  /** Demo site, HTTP. */
  readonly demo: number;
}

export interface StackOptions {
  /** Everything that is kept: secrets, the control plane's state, the outbox, logs. */
  readonly dataDir: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Address that browsers reach this machine by. Default 127.0.0.1. */
  readonly publicAddress?: string;
  /** Those not given are free ones of the moment. */
  readonly ports?: Partial<StackPorts>;
  /** Default true. Without it there is no site, and no CRM but the one given. */
  readonly demo?: boolean;
  /** Where leads go, in place of the demo's CRM. */
  readonly crm?: { readonly url: string; readonly secret?: string };
  /** Pages, besides the demo's, that may start calls. */
  readonly origins?: readonly string[];
  /** Default `demo/playbook`. */
  readonly playbookDir?: string;
  /** Default `ridgeline-roofing`. */
  readonly business?: string;
  /** Added to the environment (media node, demo) or to the variables (control plane). */
  readonly env?: {
    readonly control?: Readonly<Record<string, string>>;
    readonly mediaNode?: Readonly<Record<string, string>>;
    readonly demo?: Readonly<Record<string, string>>;
  };
  /** Everything that the control plane asks of others goes through this HTTP address (`gateway.ts`), for evals. */
  readonly gateway?: string;
  /** For the media node's Node, as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  /** Ends everything, also while it starts. */
  readonly signal?: AbortSignal;
  /** One line about something that died, or came back. Default: nobody hears it. */
  readonly onNotice?: (line: string) => void;
}

export interface Stack {
  readonly business: string;
  readonly secrets: Secrets;
  readonly ports: StackPorts;
  readonly urls: {
    readonly control: string;
    /** WebSocket address of the media node. */
    readonly signaling: string;
    /** HTTP address of the media node: health. */
    readonly mediaNode: string;
    readonly site: string | undefined;
    readonly crmInbox: string | undefined;
  };
  readonly logDir: string;
  readonly controlPlane: ManagedProcess;
  readonly mediaNode: ManagedProcess;
  readonly demo: ManagedProcess | undefined;
  /** Ends all of it within two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts control plane, media node and demo site, and gives the control plane the sample business.
 * Rejects, with nothing left running, when one of them cannot start.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  await mkdir(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const lock = join(dataDir, 'lock');
  if (!(await takeLock(lock))) {
    throw new SetUpError(
      `Parley is already running on ${dataDir}. Stop it first, or choose another folder with --data.`,
    );
  }
  const release = (): Promise<void> => rm(lock, { force: true });
  try {
    return await startPrograms(options, dataDir, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function startPrograms(options: StackOptions, dataDir: string, release: () => Promise<void>): Promise<Stack> {
  const {
    host = '127.0.0.1',
    publicAddress = '127.0.0.1',
    business = 'ridgeline-roofing',
    onNotice = () => {},
  } = options;
  const logDir = join(dataDir, 'logs');
  const [secrets, ports] = await Promise.all([loadSecrets(dataDir), choosePorts(host, options.ports ?? {})]);

  const reach = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const control = `http://${publicAddress}:${ports.control}`;
  const signaling = `ws://${publicAddress}:${ports.signaling}/v1/signaling`;
  const localControl = `http://${reach}:${ports.control}`;
  const mediaNodeUrl = `http://${reach}:${ports.signaling}`;
  const site = `http://${publicAddress}:${ports.demo}`;
  const hasDemo = options.demo ?? true;

  const controlPlane = new ManagedProcess({
    name: 'control plane',
    cwd: root,
    args: [
      join(root, 'scripts/start/control-plane.ts'),
      `--config=${join(root, 'wrangler.toml')}`,
      `--host=${host}`,
      `--port=${ports.control}`,
      `--data=${dataDir}`,
      `--state=${join(dataDir, 'control')}`,
      `--vars=${JSON.stringify({
        MEDIA_NODES: JSON.stringify([{ name: 'local', signalingUrl: signaling }]),
        PUBLIC_URL: control,
        // One list of numbers for both ways to the telephone.
        PHONE_NUMBERS: process.env['PARLEY_PHONE_NUMBERS'] ?? '{}',
        ...options.env?.control,
      })}`,
      ...(options.gateway === undefined ? [] : [`--gateway=${options.gateway}`]),
    ],
    env: { ...process.env, ...quietWrangler },
    logFile: await freshLog(logDir, 'control-plane'),
    isReady: (signal) => answers(`${localControl}/healthz`, signal, (status) => status < 500),
    onNotice,
  });
  const mediaNode = new ManagedProcess({
    name: 'media node',
    cwd: root,
    args: [...(options.nodeArgs ?? []), join(root, 'server/main.ts')],
    env: {
      ...process.env,
      PARLEY_NODE_NAME: 'local',
      PARLEY_HOST: host,
      PARLEY_SIGNALING_PORT: String(ports.signaling),
      PARLEY_SIGNALING_URL: signaling,
      // Who stops everything does not want to wait for calls.
      PARLEY_DRAIN_SECONDS: '0',
      PARLEY_RTC_PORT: String(ports.rtc),
      PARLEY_ANNOUNCED_ADDRESS: publicAddress,
      PARLEY_CONTROL_URL: localControl,
      PARLEY_NODE_KEY: secrets.NODE_KEY,
      PARLEY_SESSION_KEY: secrets.SESSION_KEY,
      PARLEY_DATA_DIR: join(dataDir, 'media-node'),
      PARLEY_MODELS_DIR: join(dataDir, 'models'),
      MEDIASOUP_WORKER_BIN: workerBinaryPath(),
      ...options.env?.mediaNode,
    },
    logFile: await freshLog(logDir, 'media-node'),
    isReady: (signal) => answers(`${mediaNodeUrl}/healthz`, signal, (status) => status === 200),
    onNotice,
  });
  const demo = !hasDemo
    ? undefined
    : new ManagedProcess({
        name: 'demo site',
        cwd: root,
        args: [join(root, 'demo/server/main.ts')],
        env: {
          ...process.env,
          DEMO_HOST: host,
          DEMO_PORT: String(ports.demo),
          DEMO_DATA_DIR: join(dataDir, 'demo'),
          PARLEY_HOST: control,
          CRM_SECRET: secrets.CRM_SECRET,
          ...options.env?.demo,
        },
        logFile: await freshLog(logDir, 'demo'),
        isReady: (signal) => answers(`http://${reach}:${ports.demo}/`, signal, (status) => status < 500),
        onNotice,
      });
  const all = [controlPlane, mediaNode, ...(demo ? [demo] : [])];
  const stopPrograms = (): Promise<void[]> => Promise.all(all.map((program) => program.stop()));
  const stop = async (): Promise<void> => {
    await stopPrograms();
    await release();
  };

  const seed = async (): Promise<void> => {
    const [bundle] = await Promise.all([
      compileFolder(options.playbookDir ?? join(root, 'demo/playbook')),
      controlPlane.start(),
    ]);
    await seedBusiness(localControl, secrets.STAFF_KEY, {
      business,
      bundle,
      origins: [...(hasDemo ? siteOrigins(publicAddress, ports.demo) : []), ...(options.origins ?? [])],
      crm: {
        url: options.crm?.url ?? `http://${reach}:${ports.demo}/crm/webhook`,
        secret: options.crm?.secret ?? secrets.CRM_SECRET,
      },
    });
  };
  try {
    options.signal?.throwIfAborted();
    await Promise.race([Promise.all([seed(), mediaNode.start(), demo?.start()]), rejectOnAbort(options.signal)]);
    if (!(await isPlaceable(mediaNodeUrl, options.signal))) {
      onNotice(
        `The control plane does not hear the media node: nobody can call. See ${join(logDir, 'media-node.log')}`,
      );
    }
    await writeAddress(dataDir, localControl);
    options.signal?.throwIfAborted();
  } catch (error) {
    await stopPrograms();
    throw error;
  }
  options.signal?.addEventListener('abort', () => void stop(), { once: true });
  return {
    business,
    secrets,
    ports,
    urls: {
      control,
      signaling,
      mediaNode: mediaNodeUrl,
      site: hasDemo ? site : undefined,
      crmInbox: hasDemo ? `${site}/crm` : undefined,
    },
    logDir,
    controlPlane,
    mediaNode,
    demo,
    stop,
  };
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function choosePorts(host: string, wanted: Partial<StackPorts>): Promise<StackPorts> {
  const taken = new Set(Object.values(wanted));
  const pick = async (port: number | undefined): Promise<number> => {
    if (port !== undefined) return port;
    for (;;) {
      const free = await findFreePort(host);
      if (!taken.has(free)) {
        taken.add(free);
        return free;
      }
    }
  };
  return {
    control: await pick(wanted.control),
    signaling: await pick(wanted.signaling),
    rtc: await pick(wanted.rtc),
    demo: await pick(wanted.demo),
  };
}

/** A page may be opened by name or by number; to a browser these are different origins. */
function siteOrigins(publicAddress: string, port: number): string[] {
  return [...new Set([publicAddress, 'localhost', '127.0.0.1'])].map((name) => `http://${name}:${port}`);
}

/** The log of this run; the run before it is kept beside it. */
async function freshLog(logDir: string, name: string): Promise<string> {
  const file = join(logDir, `${name}.log`);
  await rename(file, join(logDir, `${name}.previous.log`)).catch(() => {});
  return file;
}

async function answers(url: string, signal: AbortSignal, accept: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return accept(response.status);
  } catch {
    return false;
  }
}
