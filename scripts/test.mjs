/** `npm test`: sets up what is missing, then runs every check and test and says how many passed. */
import { explainAndExit } from './setup/explain.mjs';
import { formatElapsed } from './setup/progress.mjs';
import { setUp } from './setup/set-up.mjs';
import { helpText, parseTestOptions } from './test/options.mjs';
import { runStep } from './test/run-step.mjs';
import { steps } from './test/steps.mjs';

try {
  const { help, only } = parseTestOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText);
    process.exit(0);
  }
  await setUp(['dependencies', 'speech']);
  if (only.has('workers')) await setUp(['calendar']);
  await setUp(only.has('call') ? ['browser', 'telephones', 'worker', 'widget'] : ['worker']);

  let passed = 0;
  let failed = 0;
  for (const step of steps.filter(({ group }) => only.has(group))) {
    const result = await runStep(step);
    passed += result.passed;
    failed += result.failed;
    if (result.failed > 0) process.stdout.write(`${result.output}\n${result.why ?? ''}\n`);
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
    const mark = result.failed > 0 ? 'FAIL' : 'ok  ';
    process.stdout.write(
      `${mark} ${result.name.padEnd(26)} ${result.passed} passed, ${result.failed} failed${skipped}  ${formatElapsed(result.elapsedMs)}\n`,
    );
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
} catch (error) {
  explainAndExit(error);
}
