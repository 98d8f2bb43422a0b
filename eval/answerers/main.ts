import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { answererPhrases } from '../../server/agent/answerer/greeting-words.ts';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { SileroModel } from '../../server/provider/silero/silero.ts';
import { callsOf, firstHeldOutSeed } from './corpus.ts';
import { hearCall, type HeardCall } from './hear-call.ts';
import { reportOf, tableOf } from './report.ts';

const usage = `npm run eval -- answerers [--json] [--seeds 10,11,12] [--verbose]

Who has answered a call of ours: people, answering machines and call screening, synthesised, over a telephone line.
Seeds from ${firstHeldOutSeed} on have texts that nothing was tuned on; they are the default.`;

/** The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  const cacheFolder = await mkdtemp(join(tmpdir(), 'parley-answerers-'));
  try {
    const recognizers = await PocketSphinxFactory.prepare({ phrases: answererPhrases, key: 'answerers', cacheFolder });
    const silero = await SileroModel.load();
    const heard: HeardCall[] = [];
    for (const seed of options.seeds) {
      console.error(`Seed ${seed}`);
      for (const call of await callsOf(seed)) {
        const each = await hearCall(call, { detector: silero.detector(), recognizers });
        if (options.verbose) console.error(lineOf(each));
        heard.push(each);
      }
    }
    const report = reportOf(heard, options.seeds);
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
}

function lineOf({ call, first, last, talkedToAtMs, messageAtMs }: HeardCall): string {
  const verdict = `${first?.who ?? '-'} ${Math.round(first?.afterMs ?? 0)} ms (${first?.why ?? ''})`;
  const right = last?.who === call.who ? 'ok ' : 'NOT';
  const corrected = first === last ? '' : ` then ${last?.who ?? '-'} (${last?.why ?? ''})`;
  const late =
    messageAtMs === null || call.recordsFromMs === null
      ? ''
      : ` message ${Math.round(messageAtMs - call.recordsFromMs)} ms`;
  const talked = call.who === 'person' || talkedToAtMs === null ? '' : ' talked to';
  return `${right} ${call.who}: ${verdict}${corrected}${talked}${late}: ${call.text}`;
}

function optionsOf(args: readonly string[]): { json: boolean; verbose: boolean; seeds: number[] } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, verbose: { type: 'boolean' }, seeds: { type: 'string' } },
    });
    const seeds = (values.seeds ?? '10,11,12').split(',').map(Number);
    if (!seeds.every((seed) => Number.isInteger(seed) && seed >= 0))
      throw new Error(`--seeds must be whole numbers with commas between them: it is "${values.seeds}".`);
    return { json: values.json ?? false, verbose: values.verbose ?? false, seeds };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}
