import { join, resolve } from 'node:path';
import { explainAndExit } from '../setup/explain.mjs';
import { banner } from './banner.ts';
import { followLogs } from './follow-logs.ts';
import { parseStartOptions } from './options.mjs';
import { startStack } from './stack.ts';

const startMs = performance.now();
const options = parseStartOptions(process.argv.slice(2));
const dataDir = resolve(options.data);
const ending = new AbortController();

// Leads, recordings and keys are for their owner's eyes, wherever the data folder lies.
process.umask(0o077);

// Ctrl-C reaches us from the terminal and again through `npm start`; aborting twice does nothing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
process.on('disconnect', () => ending.abort());

if (options.verbose) followLogs(join(dataDir, 'logs'), (line) => process.stdout.write(`${line}\n`));
const stack = await startStack({
  dataDir,
  host: options.host,
  publicAddress: options.publicAddress,
  ports: options.ports,
  demo: options.demo,
  signal: ending.signal,
  onNotice: (line) => process.stderr.write(`${line}\n`),
}).catch((error: unknown) => {
  if (ending.signal.aborted) process.exit(0);
  explainAndExit(error);
});
process.stdout.write(banner(stack, { data: options.data, elapsedMs: performance.now() - startMs }));

await new Promise<void>((done) => {
  if (ending.signal.aborted) done();
  ending.signal.addEventListener('abort', () => done(), { once: true });
});
process.stderr.write('\nStopping.\n');
await stack.stop();
process.exit(0);
