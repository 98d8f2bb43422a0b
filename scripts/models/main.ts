import { join } from 'node:path';
import { installationOptions } from '../call/installation.ts';
import { readOptions } from '../command/read-options.ts';
import { showProgress } from '../setup/progress.mjs';
import { catalogue, type CatalogueEntry } from './catalogue.ts';
import { megabytes } from './download.ts';
import { install, type InstallReport, isInstalled, remove } from './install.ts';

const usage = `Usage:
  npm run models -- list          the local speech models that can be had, and those that are here
  npm run models -- get NAME      fetch one; goes on where an earlier download broke off
  npm run models -- remove NAME   delete one
Options:
  --data DIR   Parley's data folder (default: .data); models are in its folder 'models'`;

/** Runs one command; the exit code. Output goes through `print` and `complain`, a line each. */
export async function main(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
  entries: readonly CatalogueEntry[] = catalogue,
): Promise<number> {
  try {
    const { values, positionals } = readOptions(args, { data: installationOptions.data }, usage);
    const [command, name, ...more] = positionals;
    if (values.help) {
      print(usage);
      return 0;
    }
    const folder = join(values.data, 'models');
    if (command === 'list' && name === undefined) return await list(entries, folder, print);
    if ((command !== 'get' && command !== 'remove') || name === undefined || more.length > 0) {
      complain(usage);
      return 2;
    }
    const entry = entries.find(({ manifest }) => manifest.name === name);
    if (!entry) {
      complain(`There is no model '${name}'. There are: ${entries.map(({ manifest }) => manifest.name).join(', ')}`);
      return 1;
    }
    return await (command === 'get' ? get(entry, folder, print) : removeOne(name, folder, print));
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function list(
  entries: readonly CatalogueEntry[],
  folder: string,
  print: (line: string) => void,
): Promise<number> {
  for (const { manifest, title, megabytes: size } of entries) {
    const here = (await isInstalled(folder, manifest.name)) ? 'installed' : `about ${size} MB`;
    print(`${manifest.name.padEnd(20)}${here.padEnd(14)}${title}`);
  }
  return 0;
}

async function get(entry: CatalogueEntry, folder: string, print: (line: string) => void): Promise<number> {
  const { name, kind } = entry.manifest;
  const { sha256, checked } = await showProgress<InstallReport>(`Fetching ${name}`, (report) =>
    install(entry, folder, (bytes, total) => {
      report(total === undefined ? `${megabytes(bytes)} MB` : `${megabytes(bytes)} of ${megabytes(total)} MB`);
    }),
  );
  print(`${name} is in ${join(folder, name)}. SHA-256 ${sha256}`);
  if (checked === 'first') {
    print('Its checksum was not known beforehand. It is kept now: a later download must be the same.');
  }
  const [stage, model] =
    kind === 'recognition' ? ['PARLEY_STT', 'SHERPA_STT_MODEL'] : ['PARLEY_TTS', 'SHERPA_TTS_MODEL'];
  print(`Use it with: ${stage}=sherpa ${model}=${name} npm start`);
  return 0;
}

async function removeOne(name: string, folder: string, print: (line: string) => void): Promise<number> {
  print((await remove(folder, name)) ? `${name} is removed.` : `${name} is not here.`);
  return 0;
}

if (import.meta.main) {
  process.exitCode = await main(
    process.argv.slice(2),
    (line) => console.log(line),
    (line) => console.error(line),
  );
}
