import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBuilder } from 'vite';

const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));

/** Builds the widget into a folder of its own. */
export async function buildWidget(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'parley-widget-'));
  // Under a test runner's NODE_ENV, Lit would be built with its warnings for developers.
  process.env['NODE_ENV'] = 'production';
  const builder = await createBuilder({ configFile, environments: { client: { build: { outDir } } } });
  const { client } = builder.environments;
  if (client === undefined) throw new Error('vite.config.ts has no client environment.');
  await builder.build(client);
  return outDir;
}
