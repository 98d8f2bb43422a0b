import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerBinaryPath } from '../../scripts/setup/mediasoup-worker.mjs';
import { findFreePort } from '../../scripts/start/ports.mjs';
import { eventually } from '../product/eventually.ts';
import type { Product } from '../product/product.ts';

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** Another media node of a product's fleet. Nobody restarts it. */
export class SecondNode {
  readonly url: string;
  /** Null when a signal killed it. */
  readonly exitCode: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, url: string, folder: string) {
    this.#process = child;
    this.url = url;
    this.#folder = folder;
    this.exitCode = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  }

  static async start(product: Product, env: Readonly<Record<string, string>>): Promise<SecondNode> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-node-'));
    const [port, rtcPort] = [await findFreePort('127.0.0.1'), await findFreePort('127.0.0.1')];
    const { secrets, urls } = product.stack;
    const child = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        PARLEY_NODE_NAME: 'second',
        PARLEY_SIGNALING_PORT: String(port),
        PARLEY_RTC_PORT: String(rtcPort),
        PARLEY_CONTROL_URL: urls.control,
        PARLEY_NODE_KEY: secrets.NODE_KEY,
        PARLEY_SESSION_KEY: secrets.SESSION_KEY,
        PARLEY_DATA_DIR: folder,
        MEDIASOUP_WORKER_BIN: workerBinaryPath(),
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${port}`;
    const node = new SecondNode(child, url, folder);
    const healthy = async () => ((await fetch(`${url}/healthz`)).ok ? true : undefined);
    await eventually(healthy, { timeoutMs: 30_000, what: 'the second media node to serve' });
    return node;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exitCode;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
