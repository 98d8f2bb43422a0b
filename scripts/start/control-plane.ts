/**
 * Runs the control plane in workerd: the same code and bindings that are deployed, with its state in
 * a folder. Started by `stack.ts`; secrets come from the data folder, never from the command line.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { bundleWorker } from './bundle-worker.ts';
import { throughGateway } from './gateway.ts';
import { readSecrets } from './secrets.ts';

const Vars = v.record(v.string(), v.string());
const Options = v.object({
  config: v.string(),
  host: v.string(),
  port: v.pipe(v.string(), v.toNumber(), v.integer()),
  data: v.string(),
  state: v.string(),
  vars: v.pipe(v.string(), v.parseJson(), Vars),
  gateway: v.optional(v.pipe(v.string(), v.url())),
});

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    data: { type: 'string' },
    state: { type: 'string' },
    vars: { type: 'string' },
    gateway: { type: 'string' },
  },
});
const options = v.parse(Options, values);
const secrets = await readSecrets(options.data);
if (secrets?.MASTER_KEY === undefined)
  throw new Error(`${options.data} holds no complete secrets.json. Run npm start first.`);

const { NODE_KEY, STAFF_KEY, SESSION_KEY, MASTER_KEY, MASTER_KEY_BEFORE } = secrets;
// Carriers' accounts come from whoever starts this, like the media node's settings.
const CARRIER_ACCOUNTS = process.env['PARLEY_CARRIER_ACCOUNTS'] ?? '[]';
const secretBindings = {
  NODE_KEY,
  STAFF_KEY,
  SESSION_KEY,
  MASTER_KEY,
  ...(MASTER_KEY_BEFORE === undefined ? {} : { MASTER_KEY_BEFORE }),
  CARRIER_ACCOUNTS,
};

// Wrangler's own server would put a second workerd in front, which has a request wait and costs as much as the Worker.
const { workerOptions, main } = unstable_getMiniflareWorkerOptions(options.config);
if (main === undefined) throw new Error(`${options.config} names no "main".`);
const server = new Miniflare(
  convertV4MiniflareOptions({
    // Miniflare's own door gives out every R2 object under /cdn-cgi/local/. It is not the one that callers reach.
    host: '127.0.0.1',
    port: 0,
    resourcePersistencePath: join(options.state, 'v3'),
    cf: false,
    logRequests: false,
    log: new Log(LogLevel.WARN),
    handleStructuredLogs: ({ message }) => process.stdout.write(`${message}\n`),
    workers: [
      {
        ...workerOptions,
        name: 'parley',
        unsafeDirectSockets: [{ host: options.host, port: options.port }],
        modules: [{ type: 'ESModule', path: 'index.js', contents: await bundleWorker(main) }],
        bindings: { ...v.parse(Vars, workerOptions.bindings), ...secretBindings, ...options.vars },
        ...(options.gateway === undefined ? {} : { outboundService: { node: throughGateway(options.gateway) } }),
      },
    ],
  }),
);
await server.ready;

process.once('SIGTERM', () => {
  void server.dispose().finally(() => process.exit(0));
});
