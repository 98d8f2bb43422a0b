import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { answerAsVendors } from './eval/vendors/vendors.ts';
import { testBindings } from './workers/test/bindings.ts';
import { trustTestCertificate } from './workers/test/peers/certificate.mjs';

// workerd's certificates are read when the plugin is loaded.
trustTestCertificate();
const { cloudflareTest } = await import('@cloudflare/vitest-plugin');

/** Two calls at a time, with speech, and a browser, for minutes: nothing beside it. */
const manyCalls = 'eval/doors/doors.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,dialogue,server,widget,scripts,demo}/**/*.test.ts'],
          environment: 'node',
          // Some compile whole playbooks; a machine that does other work as well takes its time.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { ...testBindings, WEBHOOK_VECTORS: webhookVectors() },
              outboundService: answerAsVendors,
            },
          }),
        ],
        test: {
          name: 'workers',
          include: ['workers/**/*.test.ts'],
          exclude: ['workers/**/*.peer.test.ts'],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        // With real servers beside it, and so with the real network.
        plugins: [
          cloudflareTest({ wrangler: { configPath: './wrangler.toml' }, miniflare: { bindings: testBindings } }),
        ],
        test: {
          name: 'workers-peers',
          include: ['workers/**/*.peer.test.ts'],
          globalSetup: ['workers/test/peers/start.mjs'],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'call',
          include: ['eval/**/*.test.ts'],
          exclude: [manyCalls],
          environment: 'node',
          // Calls take their time and little else: two files at once leave the cores half idle.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'call-alone',
          include: [manyCalls],
          environment: 'node',
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});

/** Signatures that vendors publish, where the shared test data is beside this folder; else ''. Workers read no files. */
function webhookVectors(): string {
  const file = new URL('../shared/data/security/webhook-vectors.json', import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
