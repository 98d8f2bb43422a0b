import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const Address = v.object({ controlUrl: v.pipe(v.string(), v.url()) });
const defaultControlUrl = 'http://127.0.0.1:8787';

/** Leaves word in the data folder where the control plane listens, for the tools that ask it. */
export async function writeAddress(dataDir: string, controlUrl: string): Promise<void> {
  await writeFile(join(dataDir, 'address.json'), `${JSON.stringify({ controlUrl })}\n`);
}

/** Where the control plane of this data folder listened when it was last started. */
export async function readAddress(dataDir: string): Promise<string> {
  try {
    return v.parse(Address, JSON.parse(await readFile(join(dataDir, 'address.json'), 'utf8'))).controlUrl;
  } catch {
    return defaultControlUrl;
  }
}
