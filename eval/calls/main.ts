import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlaybookError } from '../../dialogue/playbook/compile.ts';
import { choiceOf, speakScenarios, voices } from './audio/main.ts';
import { conditions } from './audio/line.ts';
import { audioTable } from './audio/report.ts';
import { bundlesFor } from './playbooks.ts';
import { readScenarios, ScenarioError } from './read-scenarios.ts';
import { reportOf, tableOf } from './report.ts';

const usage = `npm run eval -- calls [--json] [--scenarios DIR] [--only ID] [--seed N] [--verbose]
       npm run eval -- calls --audio [--condition clean,noise20,noise10,telephone] [--voices rms,awb] [--at-once N]

Simulated callers talk to the agent by text; graded by what is left in the CRM and the calendar.
--scenarios: a folder of scenario files. --only: the scenarios whose name begins so. --seed: the first seed (1).
--verbose: also the transcript of each call that failed.
--audio: some of the scenarios, spoken in a browser to the whole product. --at-once: so many calls at a time (1).`;

export const ownScenarios = join(import.meta.dirname, 'scenarios');

export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  try {
    const all = await readScenarios(options.scenarios);
    if (options.audio !== null) {
      const report = await speakScenarios(all, { ...options, ...options.audio });
      console.log(options.json ? JSON.stringify(report) : audioTable(report));
      return;
    }
    const chosen = all.filter(({ id }) => id.startsWith(options.only));
    if (chosen.length === 0) {
      throw new ScenarioError(
        `No scenario begins with "${options.only}". There are: ${all.map(({ id }) => id).join(', ')}.`,
      );
    }
    const report = reportOf(await bundlesFor(chosen), options.seed);
    const failures = report.failures.map(({ transcript, ...failure }) =>
      options.verbose ? { ...failure, transcript } : failure,
    );
    console.log(options.json ? JSON.stringify({ ...report, failures }) : tableOf(report, options.verbose));
  } catch (cause) {
    if (!(cause instanceof ScenarioError) && !(cause instanceof PlaybookError)) throw cause;
    console.error(cause.message);
    process.exitCode = 1;
  }
}

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        verbose: { type: 'boolean' },
        scenarios: { type: 'string' },
        only: { type: 'string' },
        seed: { type: 'string' },
        audio: { type: 'boolean' },
        condition: { type: 'string' },
        voices: { type: 'string' },
        'at-once': { type: 'string' },
      },
    });
    const seed = Number(values.seed ?? '1');
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new Error(`--seed takes a whole number, not "${values.seed ?? ''}".`);
    const atOnce = Number(values['at-once'] ?? '1');
    if (!Number.isSafeInteger(atOnce) || atOnce < 1 || atOnce > 8)
      throw new Error(`--at-once takes 1 to 8, not "${values['at-once'] ?? ''}".`);
    const audio = {
      conditions: choiceOf('condition', values.condition, conditions),
      voices: choiceOf('voices', values.voices, voices),
      atOnce,
    };
    return {
      audio: values.audio === true ? audio : null,
      json: values.json ?? false,
      verbose: values.verbose ?? false,
      scenarios: values.scenarios ?? ownScenarios,
      only: values.only ?? '',
      seed,
    };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}
