import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Clinc150 } from './clinc150.ts';
import { NluppFold } from './nlupp.ts';
import { Restaurants8k } from './restaurants8k.ts';

/** The data is not there, or not what it should be; the message names the file. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** What is published, in the files it is published in. Throws a `DataError`. */
export async function readNluData(directory: string) {
  const hotels = await filesOf(join(directory, 'nlupp-hotels'));
  const folds = hotels.filter((name) => /^fold\d+\.json$/.test(name)).sort();
  if (folds.length < 3) {
    throw new DataError(
      `Cross-validation needs three folds or more: ${folds.length} in ${join(directory, 'nlupp-hotels')}.`,
    );
  }
  return {
    clinc150: await read(Clinc150, join(directory, 'clinc150', 'train_val.json')),
    nlupp: await Promise.all(folds.map((name) => read(NluppFold, join(directory, 'nlupp-hotels', name)))),
    restaurants8k: await read(Restaurants8k, join(directory, 'restaurants8k', 'train_0.json')),
  };
}

export type NluData = Awaited<ReturnType<typeof readNluData>>;

async function filesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new DataError(`No data in ${directory}. Name the folder with --data DIR.`, { cause });
  }
}

async function read<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  file: string,
): Promise<v.InferOutput<TSchema>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DataError(`Cannot read ${file}.`, { cause });
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new DataError(`${file}, ${v.getDotPath(issue) ?? 'as a whole'}: ${issue.message}`);
  }
  return parsed.output;
}
