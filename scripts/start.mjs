/** `npm start`: sets up what is missing, then runs everything. Plain JavaScript: it starts on any Node from 20 on. */
import { helpText, parseStartOptions, portUses } from './start/options.mjs';
import { assertPortsFree } from './start/ports.mjs';
import { explainAndExit } from './setup/explain.mjs';
import { runOnRuntime } from './setup/runtime.mjs';
import { setUp } from './setup/set-up.mjs';

const args = process.argv.slice(2);
try {
  const options = parseStartOptions(args);
  if (options.help) {
    process.stdout.write(helpText);
    process.exit(0);
  }
  // Before a set-up of minutes, not after it.
  await assertPortsFree(options.host, portUses(options));
  await setUp(['dependencies', 'speech', 'worker', 'widget']);
} catch (error) {
  explainAndExit(error);
}
await runOnRuntime('scripts/start/main.ts', args);
