import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { casesOf } from './cases.ts';
import { loadEngines } from './engines.ts';
import { judge, type Verdict } from './judge.ts';
import { reportOf, tableOf } from './report.ts';
import { runCase } from './run-case.ts';
import { readBabble } from './sounds.ts';
import type { TurnCase } from './turn-case.ts';

const usage = `npm run eval -- turns [--json] [--seed N] [--voice rms|awb] [--only TEXT] [--data DIR]

Turn taking on simulated audio. --seed: draws names, numbers, pauses, moments, levels and voices (1). --voice: one voice for
all cases. --only: cases whose name begins so, as "pause" or "noise-161". --data: the folder of human clips for voices in the
background (../shared/data/speech/sentences).`;

const Options = v.object({
  json: v.optional(v.boolean(), false),
  seed: v.pipe(v.optional(v.string(), '1'), v.regex(/^\d{1,9}$/, 'must be a whole number'), v.transform(Number)),
  voice: v.optional(v.picklist(['rms', 'awb'])),
  only: v.optional(v.string(), ''),
  data: v.optional(v.string(), join(import.meta.dirname, '../../../shared/data/speech/sentences')),
});
type Options = v.InferOutput<typeof Options>;

/** The result on stdout, faults as they happen on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === undefined) return;
  const babble = readBabble(options.data);
  if (!babble) console.error(`Without voices in the background: there are no clips in ${options.data}.`);
  const cases = casesOf(options.seed, options.voice).filter(
    ({ id, about }) => id.startsWith(options.only) && (babble || about !== 'babble'),
  );
  if (cases.length === 0) {
    console.error(`No case's name begins with "${options.only}".\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  console.error(`${cases.length} cases, some minutes`);
  const report = reportOf(options.seed, await verdictsOf(cases, babble ?? new Int16Array(0)));
  console.log(options.json ? JSON.stringify(report) : tableOf(report));
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, seed: text, voice: text, only: text, data: text },
    });
    return v.parse(Options, values);
  } catch (cause) {
    const what = v.isValiError(cause)
      ? v.summarize(cause.issues)
      : cause instanceof Error
        ? cause.message
        : String(cause);
    console.error(`${what}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function verdictsOf(cases: readonly TurnCase[], babble: Int16Array): Promise<Verdict[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-turns-'));
  try {
    const engines = await loadEngines(folder);
    const verdicts: Verdict[] = [];
    for (const one of cases) {
      const verdict = judge(one, await runCase(engines, one, babble));
      verdicts.push(verdict);
      if (verdict.fault) console.error(`${one.id} (${one.about}): ${verdict.fault}`);
    }
    return verdicts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
