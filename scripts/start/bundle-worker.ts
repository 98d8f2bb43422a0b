import { build, stop } from 'esbuild';

/** The Worker as one module, as a deployment would have it: what workerd brings itself stays outside. */
export async function bundleWorker(main: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [main],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    keepNames: true,
    logLevel: 'silent',
  });
  // esbuild's own process would stay as long as this one.
  await stop();
  return outputFiles[0]?.text ?? '';
}
