import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { casesOf } from './cases.ts';
import { loadEngines } from './engines.ts';
import { judge, type Verdict } from './judge.ts';
import { reportOf } from './report.ts';
import { runCase } from './run-case.ts';
import { readBabble } from './sounds.ts';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      verbose: { type: 'boolean' },
    },
  });
  const seed = Number(values.seed);
  const folder = await mkdtemp(join(tmpdir(), 'parley-turns-'));
  try {
    const engines = await loadEngines(folder);
    const babble = readBabble(join(import.meta.dirname, '../../../shared/data/speech/sentences'));
    const verdicts: Verdict[] = [];
    for (const one of casesOf(seed)) {
      if (values.only && !one.id.startsWith(values.only) && !one.about.startsWith(values.only)) continue;
      if (!babble) throw new Error('no babble');
      const seen = await runCase(engines, one, babble);
      const verdict = judge(one, seen);
      verdicts.push(verdict);
      if (values.verbose)
        console.error(
          JSON.stringify({
            id: one.id,
            about: one.about,
            say: one.parts.map((p) => ('say' in p ? p.say : 'pauseMs' in p ? p.pauseMs : p.noise)),
            spans: seen.spans.map((s) => [Math.round(s.fromMs), Math.round(s.toMs)]),
            fault: verdict.fault,
            turns: seen.turns,
            d: verdict.endDelayMs,
            stop: verdict.stopMs,
            gap: verdict.gapMs,
            caller: seen.callerSaid,
            agent: verdict.fault === undefined ? undefined : seen.agentSaid,
          }),
        );
    }
    const report = reportOf(seed, verdicts);
    console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
