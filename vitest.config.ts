import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { answerAsVendors } from './eval/vendors/vendors.ts';
import { testBindings } from './workers/test/bindings.ts';

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
            miniflare: { bindings: testBindings, outboundService: answerAsVendors },
          }),
        ],
        test: { name: 'workers', include: ['workers/**/*.test.ts'], isolate: false, testTimeout: 30_000 },
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
