import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All YAML files of a playbook's folder, sorted by name; paths are as given, so that errors can be clicked. */
export async function readPlaybookFolder(directory: string): Promise<{ path: string; text: string }[]> {
  const names = (await readdir(directory)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new Error(`There is no .yaml file in ${directory}.`);
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, text: await readFile(path, 'utf8') };
    }),
  );
}
