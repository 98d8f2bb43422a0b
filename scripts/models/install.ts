import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { modelFiles, Sha256, SpeechModel } from '../../contract/speech-model.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import type { CatalogueEntry } from './catalogue.ts';
import { download, forget } from './download.ts';
import { unpack } from './unpack.ts';

const Pins = v.record(v.string(), Sha256);

export interface InstallReport {
  /** The archive's. */
  readonly sha256: string;
  /** How it was checked: against the catalogue, against an earlier download here, or it is the first one. */
  readonly checked: 'catalogue' | 'pin' | 'first';
}

/** Fetches a model into `<folder>/<name>`. It appears there whole or not at all. */
export async function install(
  entry: CatalogueEntry,
  folder: string,
  onProgress: (bytes: number, total: number | undefined) => void,
): Promise<InstallReport> {
  const { manifest, url } = entry;
  const archive = join(folder, `${manifest.name}.tar.bz2.part`);
  await mkdir(folder, { recursive: true });
  const sha256 = await download({ url, file: archive, onProgress });
  const checked = await check(entry, folder, archive, sha256);
  // On the same disk as its place, for the rename.
  const draft = await mkdtemp(join(folder, `.${manifest.name}-`));
  try {
    await unpack(archive, draft);
    await checkFiles(manifest, draft);
    await writeFile(join(draft, 'model.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    const place = join(folder, manifest.name);
    await rm(place, { recursive: true, force: true });
    await rename(draft, place);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await forget(archive);
  }
  if (checked === 'first') await pin(folder, manifest.name, sha256);
  return { sha256, checked };
}

/** Whether `name` is there to be loaded. */
export async function isInstalled(folder: string, name: string): Promise<boolean> {
  const text = await readFile(join(folder, name, 'model.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  try {
    return v.is(SpeechModel, JSON.parse(text));
  } catch {
    return false;
  }
}

/** What of it is there goes, a download that broke off too. False: there was nothing. */
export async function remove(folder: string, name: string): Promise<boolean> {
  const place = join(folder, name);
  const archive = join(folder, `${name}.tar.bz2.part`);
  const found = await Promise.all(
    [place, archive].map((path) =>
      access(path)
        .then(() => true)
        .catch(() => false),
    ),
  );
  await rm(place, { recursive: true, force: true });
  await forget(archive);
  return found.includes(true);
}

async function check(
  entry: CatalogueEntry,
  folder: string,
  archive: string,
  sha256: string,
): Promise<InstallReport['checked']> {
  const { name } = entry.manifest;
  const pinned = (await readPins(folder))[name];
  const expected = entry.sha256 ?? pinned;
  if (expected === undefined) return 'first';
  if (expected === sha256) return entry.sha256 === undefined ? 'pin' : 'catalogue';
  await forget(archive);
  const what =
    entry.sha256 === undefined
      ? `differs from the one that was fetched before. If its publisher replaced it, remove ${name} from ${pinsFile(folder)} and get it again`
      : 'is not the one that the catalogue knows. Run the same command again';
  throw new SetUpError(`The archive's checksum is wrong: it ${what}. Expected ${expected}, got ${sha256}.`);
}

async function checkFiles(manifest: SpeechModel, folder: string): Promise<void> {
  for (const file of Object.values(modelFiles(manifest))) {
    await access(join(folder, file)).catch((cause: unknown) => {
      throw new SetUpError(`The archive of ${manifest.name} has no '${file}'. Is there a newer version of Parley?`, {
        cause,
      });
    });
  }
}

const pinsFile = (folder: string): string => join(folder, 'checksums.json');

async function readPins(folder: string): Promise<Record<string, string>> {
  const text = await readFile(pinsFile(folder), 'utf8').catch(() => '{}');
  try {
    return v.parse(Pins, JSON.parse(text));
  } catch (cause) {
    throw new SetUpError(`${pinsFile(folder)} is damaged. Remove it to accept the next downloads as they are.`, {
      cause,
    });
  }
}

async function pin(folder: string, name: string, sha256: string): Promise<void> {
  const pins = { ...(await readPins(folder)), [name]: sha256 };
  const draft = `${pinsFile(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(pins, undefined, 2)}\n`);
  await rename(draft, pinsFile(folder));
}
