import { defineConfig } from 'vitest/config';
import { testBindings } from './workers/test/bindings.ts';
import { trustTestCertificate } from './workers/test/peers/certificate.mjs';

// workerd's certificates are read when the plugin is loaded.
trustTestCertificate();
const { cloudflareTest } = await import('@cloudflare/vitest-plugin');

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
          cloudflareTest({ wrangler: { configPath: './wrangler.toml' }, miniflare: { bindings: testBindings } }),
        ],
        test: {
          name: 'workers',
          include: ['workers/**/*.test.ts'],
          globalSetup: ['workers/test/peers/start.mjs'],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'call',
          include: ['eval/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
