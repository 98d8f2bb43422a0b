import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { runChaos } from './chaos.ts';

const usage = `npm run eval -- chaos [--json] [--calls N] [--seed S] [--at-once N]

Typed calls through the real media node, control plane, a CRM and a calendar, all of them processes, while they are killed
and the networks between them are cut, by a plan that the seed makes. Then: is everything there that was accepted, once, and
as the callers were told? Exit code 1 where something is not.`;

const Count = v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(10_000));
const Options = v.object({
  calls: Count,
  seed: v.pipe(v.string(), v.digits(), v.transform(Number)),
  'at-once': Count,
  json: v.boolean(),
});

/** The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: '8' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const options = v.safeParse(Options, values);
  if (!options.success) {
    console.error(`${v.summarize(options.issues)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const startMs = performance.now();
  const { calls, seed, json, 'at-once': atOnce } = options.output;
  const { report, findings } = await runChaos({
    calls,
    seed,
    atOnce,
    settleMs: 240_000,
    progress: (line) =>
      console.error(`${String(Math.round((performance.now() - startMs) / 1_000)).padStart(4)} s  ${line}`),
  });
  for (const { kind, callId, what } of findings) console.error(`${kind.padEnd(10)} ${callId ?? '-'} ${what}`);
  if (findings.length > 0) process.exitCode = 1;
  const { lost, duplicated, wrong } = report;
  console.log(
    json ? JSON.stringify(report) : `${report.calls} calls: ${lost} lost, ${duplicated} duplicated, ${wrong} wrong`,
  );
}
