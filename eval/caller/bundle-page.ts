import { join } from 'node:path';
import { build } from 'vite';

const pageFolder = join(import.meta.dirname, '..', 'page');
const bundles = new Map<string, Promise<string>>();

/** One self-contained classic script out of a file in `eval/page/`. Built once a process. */
export function bundlePage(file: string): Promise<string> {
  const known = bundles.get(file);
  if (known !== undefined) return known;
  const script = bundle(file);
  bundles.set(file, script);
  return script;
}

async function bundle(file: string): Promise<string> {
  const result = await build({
    configFile: false,
    envFile: false,
    logLevel: 'error',
    root: pageFolder,
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: join(pageFolder, file), formats: ['iife'], name: 'parleyEval' },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const one of outputs) {
    if ('output' in one) return one.output[0].code;
  }
  throw new Error(`vite made nothing of ${file}.`);
}

/** The script that gives a page its caller, to run before the page's own. */
export async function callerScript(options: { readonly replaceMicrophone: boolean }): Promise<string> {
  const [worklets, page] = await Promise.all([bundlePage('worklets.ts'), bundlePage('caller-page.ts')]);
  const setup = JSON.stringify({ workletSource: worklets, replaceMicrophone: options.replaceMicrophone });
  return `{ const callerSetup = ${setup};\n${page}\n}`;
}
