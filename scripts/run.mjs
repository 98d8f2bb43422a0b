/** `node scripts/run.mjs FILE args…`: runs one of our TypeScript programs on the Node that comes with the dependencies. */
import { explainAndExit } from './setup/explain.mjs';
import { runOnRuntime } from './setup/runtime.mjs';
import { setUp } from './setup/set-up.mjs';
import { SetUpError } from './setup/set-up-error.mjs';

const [file, ...args] = process.argv.slice(2);
try {
  if (!file) throw new SetUpError('Say which file to run: node scripts/run.mjs FILE [arguments]');
  await setUp(['dependencies']);
} catch (error) {
  explainAndExit(error);
}
await runOnRuntime(file ?? '', args);
