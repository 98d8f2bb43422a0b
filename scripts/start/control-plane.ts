/**
 * Runs the control plane in workerd: the same code and bindings that are deployed, with its state in
 * a folder. Started by `stack.ts`; secrets come from the data folder, never from the command line.
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { unstable_startWorker } from 'wrangler';
import { throughGateway } from './gateway.ts';
import { readSecrets } from './secrets.ts';

const Options = v.object({
  config: v.string(),
  host: v.string(),
  port: v.pipe(v.string(), v.toNumber(), v.integer()),
  data: v.string(),
  state: v.string(),
  vars: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
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

const { NODE_KEY, STAFF_KEY, SESSION_KEY, MASTER_KEY } = secrets;
// Carriers' accounts come from whoever starts this, like the media node's settings.
const CARRIER_ACCOUNTS = process.env['PARLEY_CARRIER_ACCOUNTS'] ?? '[]';
const bindings = Object.fromEntries([
  ...Object.entries({ NODE_KEY, STAFF_KEY, SESSION_KEY, MASTER_KEY, CARRIER_ACCOUNTS }).map(
    ([name, value]) => [name, { type: 'secret_text', value }] as const,
  ),
  ...Object.entries(options.vars).map(([name, value]) => [name, { type: 'plain_text', value }] as const),
]);

const worker = await unstable_startWorker({
  config: options.config,
  envFiles: [],
  bindings,
  dev: {
    persist: options.state,
    watch: false,
    liveReload: false,
    inspector: false,
    logLevel: 'info',
    server: { hostname: options.host, port: options.port },
    ...(options.gateway === undefined ? {} : { outboundService: { node: throughGateway(options.gateway) } }),
  },
});
await worker.ready;

process.once('SIGTERM', () => {
  void worker.dispose().finally(() => process.exit(0));
});
