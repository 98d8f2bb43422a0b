import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baselineOf } from './baseline.ts';
import { readCases, type CaptureCase } from './case.ts';
import { nemoCases } from './nemo-tn.ts';
import { recognizersTextCases } from './recognizers-text.ts';
import { reportOf, tableOf } from './report.ts';

const usage = `npm run eval -- capture [--json] [--data DIR] [--cases FILE.jsonl]

Exact capture of spoken and typed values. --data: the folder that holds time/ and text/nemo-tn/ (../shared/data).
--cases: only the cases of this file, one JSON object a line.`;

const ownCases = join(import.meta.dirname, 'cases');

export async function run(args: readonly string[]): Promise<void> {
  let options: ReturnType<typeof optionsOf>;
  let cases: CaptureCase[];
  try {
    options = optionsOf(args);
    cases = casesOf(options.data ?? join(import.meta.dirname, '../../../shared/data'), options.cases);
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const report = reportOf(cases, await baselineOf(cases));
  console.log(options.json === true ? JSON.stringify(report) : tableOf(report));
}

function optionsOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, data: { type: 'string' }, cases: { type: 'string' } },
  }).values;
}

/** Our own cases always; the public ones where their folder is. */
function casesOf(data: string, file: string | undefined): CaptureCase[] {
  if (file !== undefined) return readCases(file, file);
  const own = readdirSync(ownCases)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readCases(join(ownCases, name), `cases/${name}`));
  const time = join(data, 'time');
  const nemo = join(data, 'text/nemo-tn');
  for (const folder of [time, nemo]) if (!existsSync(folder)) console.error(`Left out: there is no folder ${folder}.`);
  return [
    ...(existsSync(time) ? recognizersTextCases(time) : []),
    ...(existsSync(nemo) ? nemoCases(nemo) : []),
    ...own,
  ];
}
