import { parseArgs } from 'node:util';
import { evaluateClinc150 } from './clinc150.ts';
import { DataError, readNluData, type NluData } from './data.ts';
import { evaluateNlupp } from './nlupp.ts';
import { evaluateRestaurants8k } from './restaurants8k.ts';

const usage = 'npm run eval -- nlu [--json] [--data DIR]';
const defaultData = '../shared/data/nlu';

/** Trains the product's learner on public data and reports. The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === null) return;
  try {
    const report = evaluate(await readNluData(options.data));
    console.log(options.json ? JSON.stringify(report) : tableOf(report));
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    console.error(cause.message);
    process.exitCode = 1;
  }
}

function optionsOf(args: readonly string[]): { json: boolean; data: string } | null {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, data: { type: 'string' } } });
    return { json: values.json ?? false, data: values.data ?? defaultData };
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

function evaluate({ clinc150, nlupp, restaurants8k }: NluData) {
  console.error('CLINC150: training five times, about a minute');
  const clinc = evaluateClinc150(clinc150);
  console.error('NLU++ hotels: one model a fold');
  const hotels = evaluateNlupp(nlupp);
  console.error('restaurants8k');
  return {
    name: 'nlu',
    clinc150: clinc.report,
    nlupp: hotels,
    restaurants8k: evaluateRestaurants8k(restaurants8k),
    usPerUtterance: clinc.microseconds,
  };
}

const tableOf = ({ clinc150, nlupp, restaurants8k, usPerUtterance }: ReturnType<typeof evaluate>): string =>
  [
    `CLINC150       in-scope accuracy     ${clinc150.inScopeAccuracy} %`,
    `               out-of-scope recall   ${clinc150.outOfScopeRecall} % at confidence ${clinc150.threshold}`,
    `               without rejection     ${clinc150.inScopeAccuracyWithoutRejection} %`,
    `               calibration error     ${clinc150.expectedCalibrationError}`,
    `NLU++ hotels   intent F1             ${nlupp.intentF1} %`,
    `               slot F1               ${nlupp.slotF1} %`,
    `restaurants8k  slot F1               ${restaurants8k.slotF1} %`,
    `an utterance   ${usPerUtterance} µs`,
  ].join('\n');
