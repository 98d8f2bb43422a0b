import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Browsers with popover, `color-mix` and `:popover-open`. */
const target = ['chrome114', 'safari17', 'firefox125'];

/** `vite build` makes both: `dist/widget`, which the host serves, and `dist/demo`, the sample business's site. */
export default defineConfig({
  appType: 'mpa',
  base: './',
  root: path('demo/site'),
  publicDir: path('widget/embed/public'),
  logLevel: 'warn',
  builder: {
    async buildApp(builder) {
      await Promise.all(Object.values(builder.environments).map((environment) => builder.build(environment)));
    },
  },
  environments: {
    client: {
      build: {
        target,
        outDir: path('dist/widget'),
        emptyOutDir: true,
        copyPublicDir: true,
        modulePreload: false,
        rolldownOptions: {
          input: { parley: path('widget/embed/parley.ts') },
          output: { entryFileNames: '[name].js', chunkFileNames: 'parley/[name]-[hash].js' },
        },
      },
    },
    demo: {
      consumer: 'client',
      build: {
        target,
        outDir: path('dist/demo'),
        emptyOutDir: true,
        copyPublicDir: false,
        modulePreload: false,
        rolldownOptions: { input: [path('demo/site/index.html'), path('demo/site/crm.html')] },
      },
    },
  },
});
