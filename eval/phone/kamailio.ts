import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dispatcherList, trunkList } from '../../scripts/edge/lists.ts';
import { eventually } from '../product/eventually.ts';
import { freeSipPort } from './phone-product.ts';

const run = promisify(execFile);
const configuration = fileURLToPath(new URL('../../deploy/kamailio/kamailio.cfg', import.meta.url));

export interface KamailioOptions {
  readonly nodePorts: readonly number[];
  /** Networks that may bring calls. */
  readonly trunks: string[];
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/** Debian's Kamailio with our configuration, on the loopback. */
export class Kamailio {
  readonly port: number;
  readonly tlsPort: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(ports: { readonly sip: number; readonly sips: number }, folder: string, child: ChildProcess) {
    this.port = ports.sip;
    this.tlsPort = ports.sips;
    this.#folder = folder;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => (this.#log += part.toString()));
  }

  static async start({ nodePorts, trunks, tls }: KamailioOptions): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-kamailio-'));
    const ports = { sip: await freeSipPort(), sips: await freeSipPort() };
    const nodes = nodePorts.map((port, index) => ({ name: `node-${index}`, sipUri: `sip:127.0.0.1:${port}` }));
    await writeFile(join(folder, 'nodes'), dispatcherList(nodes));
    await writeFile(join(folder, 'trunks'), trunkList([{ name: 'test', addresses: trunks }]));
    if (tls) {
      await writeFile(join(folder, 'key.pem'), tls.key);
      await writeFile(join(folder, 'cert.pem'), tls.cert);
      const files = `private_key = ${join(folder, 'key.pem')}\ncertificate = ${join(folder, 'cert.pem')}\n`;
      await writeFile(join(folder, 'tls.cfg'), `[server:default]\nmethod = TLSv1.2+\n${files}`);
    }
    const definitions = {
      OUTSIDE_ADDRESS: '127.0.0.1',
      SIP_PORT: ports.sip,
      SIPS_PORT: ports.sips,
      NODES_FILE: quoted(join(folder, 'nodes')),
      TRUNKS_FILE: quoted(join(folder, 'trunks')),
      TLS_FILE: quoted(join(folder, 'tls.cfg')),
      CONTROL_SOCKET: quoted(`unix:${join(folder, 'control')}`),
      PROBE_S: 1,
    };
    const args = Object.entries(definitions).flatMap(([name, value]) => ['-A', `${name}=${value}`]);
    const child = spawn(
      'kamailio',
      ['-f', configuration, '-DD', '-E', '-m', '32', '-Y', folder, ...args, ...(tls ? ['-A', 'WITH_TLS'] : [])],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const kamailio = new Kamailio(ports, folder, child);
    try {
      // It asks its nodes once before it may give them calls.
      await eventually(async () => ((await kamailio.#rpc('dispatcher.list')).includes('FLAGS: A') ? true : undefined), {
        timeoutMs: 15_000,
        what: 'kamailio to start',
      });
      return kamailio;
    } catch (cause) {
      await kamailio.stop();
      throw new Error(`kamailio did not start: ${kamailio.#log}`, { cause });
    }
  }

  /** As `AP`: active or inactive, probed. */
  async nodeFlags(port: number): Promise<string> {
    const list = await this.#rpc('dispatcher.list');
    return new RegExp(`URI: sip:127\\.0\\.0\\.1:${port}\\s+FLAGS: (\\w+)`).exec(list)?.[1] ?? '';
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #rpc(command: string): Promise<string> {
    return (await run('kamcmd', ['-s', `unix:${join(this.#folder, 'control')}`, command])).stdout;
  }
}

const quoted = (text: string): string => `"${text}"`;
