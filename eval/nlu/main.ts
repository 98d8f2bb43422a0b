import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { Clinc150, evaluateClinc150 } from './clinc150.ts';
import { evaluateNlupp, NluppFold } from './nlupp.ts';
import { evaluateRestaurants8k, Restaurants8k } from './restaurants8k.ts';

const defaultData = '../shared/data/nlu';

/** Trains the product's learner on public data and reports. The result on stdout, progress on stderr. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, data: { type: 'string', default: defaultData } },
  });
  const read = async <S extends v.GenericSchema>(schema: S, ...path: string[]) =>
    v.parse(schema, JSON.parse(await readFile(join(values.data, ...path), 'utf8')));
  const t = performance.now();
  const r = evaluateRestaurants8k(await read(Restaurants8k, 'restaurants8k', 'train_0.json'));
  console.error(r, performance.now() - t);
  const files = (await readdir(join(values.data, 'nlupp-hotels'))).filter((name) => /^fold\d+\.json$/.test(name)).sort();
  const folds = await Promise.all(files.map((name) => read(NluppFold, 'nlupp-hotels', name)));
  const n = evaluateNlupp(folds);
  console.error(n, performance.now() - t);
  const c = evaluateClinc150(await read(Clinc150, 'clinc150', 'train_val.json'));
  console.error(c, performance.now() - t);
}
