import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import * as v from 'valibot';
import { createDemoApp } from './app.ts';
import { LeadInbox } from './lead-inbox.ts';
import { loadSite } from './site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const Settings = v.object({
  DEMO_PORT: v.optional(v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(1), v.maxValue(65_535)), '8080'),
  DEMO_HOST: v.optional(v.string(), '127.0.0.1'),
  PARLEY_HOST: v.optional(
    v.pipe(
      v.string(),
      v.url(),
      v.transform((address) => new URL(address).origin),
    ),
    'http://127.0.0.1:8787',
  ),
  CRM_SECRET: v.pipe(v.string('must be set'), v.startsWith('whsec_', 'must begin with whsec_')),
  DEMO_DATA_DIR: v.optional(v.string(), join(root, '.data/demo')),
});

function fail(message: string): never {
  console.error(`demo: ${message}`);
  process.exit(1);
}

const parsed = v.safeParse(Settings, process.env);
if (!parsed.success) {
  const [issue] = parsed.issues;
  fail(`${v.getDotPath(issue) ?? 'settings'}: ${issue.message}.`);
}
const { DEMO_PORT: port, DEMO_HOST: hostname, PARLEY_HOST: parleyHost, CRM_SECRET, DEMO_DATA_DIR } = parsed.output;

const siteFolder = join(root, 'dist/demo');
await access(siteFolder).catch(() => fail(`the site is not built. Run: npx vite build`));

const app = createDemoApp({
  site: await loadSite(siteFolder, parleyHost),
  inbox: await LeadInbox.open(join(DEMO_DATA_DIR, 'webhooks.jsonl')),
  crmSecret: CRM_SECRET,
  parleyHost,
  nowMs: () => Date.now(),
});

const server = serve({ fetch: app.fetch, hostname, port }, () => {
  console.log(`demo: http://${hostname}:${port} (widget from ${parleyHost})`);
});
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${port} is taken. Set DEMO_PORT to a free one.`);
  fail(error.message);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
