import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded, shuffle } from '../../dialogue/learn/random.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { DataError, readTakes, speakersOf } from '../digits/data.ts';
import { digitsOf } from '../digits/ear.ts';
import type { Speaker } from '../digits/measure.ts';
import { withRoom } from '../digits/mouth.ts';
import { badNetwork, goodNetwork, type NetworkQuality } from './impairment.ts';
import { SimulatedLine } from './simulated-line.ts';

const usage = `npm run eval -- network [--json] [--data DIR] [--seed N]

Spoken digits through the whole telephone line, from packets to words: over a good network, and over one that loses 5 %
of the packets and delays the others by 30 to 90 ms.
--data: recordings at 8,000 Hz named <digit>_<speaker>_<number>.wav (../shared/data/speech/digits-8k).`;

const defaultData = join(import.meta.dirname, '../../../shared/data/speech/digits-8k');

interface Condition {
  readonly rightPct: number;
  readonly lossPct: number;
  readonly jitterMs: number;
}

/** The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  const cacheFolder = await mkdtemp(join(tmpdir(), 'parley-network-'));
  try {
    const speakers = [...speakersOf(readTakes(options.data))].map(([name, takes]) => ({ name, takes }));
    const bundle = await demoBundle();
    const factory = await PocketSphinxFactory.prepare({
      phrases: bundle.speech.phrases,
      key: bundle.hash,
      cacheFolder,
    });
    console.error('Over a good network');
    const good = await hearOver(factory, speakers, goodNetwork, options.seed);
    console.error('Over a bad network');
    const bad = await hearOver(factory, speakers, badNetwork, options.seed);
    const report = { name: 'network', digits: count(speakers), good, bad, lostPoints: good.rightPct - bad.rightPct };
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    console.error(cause.message);
    process.exitCode = 1;
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
}

/** Every take on its own, one call a speaker. */
async function hearOver(
  factory: PocketSphinxFactory,
  speakers: readonly Speaker[],
  network: NetworkQuality,
  seed: number,
): Promise<Condition> {
  let right = 0;
  const lines: SimulatedLine[] = [];
  for (const { takes } of speakers) {
    const random = seeded(seed);
    const line = new SimulatedLine(network, seed + lines.length);
    lines.push(line);
    const recognizer = await factory.create();
    recognizer.byTelephone?.();
    for (const { digit, samples } of shuffle([...takes.values()].flat(), random)) {
      recognizer.expect?.({ kind: 'digits', count: 1, except: [] });
      recognizer.feed(line.say(withRoom([samples], random)));
      if (digitsOf((await recognizer.finish()).text) === digit) right += 1;
    }
    await recognizer.close();
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    rightPct: (100 * right) / count(speakers),
    lossPct: 100 * mean(lines.map(({ lossShare }) => lossShare)),
    jitterMs: mean(lines.map(({ jitterMs }) => jitterMs)),
  };
}

function count(speakers: readonly Speaker[]): number {
  return speakers.reduce((sum, { takes }) => sum + [...takes.values()].flat().length, 0);
}

function tableOf(report: { digits: number; good: Condition; bad: Condition; lostPoints: number }): string {
  const row = (name: string, { rightPct, lossPct, jitterMs }: Condition): string =>
    `${name.padEnd(14)} ${rightPct.toFixed(1).padStart(5)} % right, ${lossPct.toFixed(1)} % lost, jitter ${jitterMs.toFixed(0)} ms`;
  return [
    `${report.digits} single digits`,
    row('good network', report.good),
    row('bad network', report.bad),
    `lost: ${report.lostPoints.toFixed(1)} points (bar 5)`,
  ].join('\n');
}

function optionsOf(args: readonly string[]): { json: boolean; data: string; seed: number } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, data: { type: 'string' }, seed: { type: 'string' } },
    });
    const seed = Number(values.seed ?? '1');
    if (!Number.isInteger(seed) || seed < 0) throw new Error(`--seed must be a whole number: it is "${values.seed}".`);
    return { json: values.json ?? false, data: values.data ?? defaultData, seed };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}
