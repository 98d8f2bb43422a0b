import { existsSync } from 'node:fs';
import { findLibrary } from './find-library.mjs';
import { SetUpError } from './set-up-error.mjs';
import { installSystemPackages } from './system-packages.mjs';

const libraries = ['libpocketsphinx.so.3', 'libsphinxbase.so.3', 'libflite.so.1', 'libflite_cmu_us_slt.so.1'];
const model = '/usr/share/pocketsphinx/model/en-us/en-us/mdef';

function missing() {
  return [...libraries.filter((name) => !findLibrary(name)), ...(existsSync(model) ? [] : [model])];
}

/** The recogniser and the voice that need no key and no download: PocketSphinx and flite. */
export async function installSpeechEngines() {
  if (missing().length === 0) return;
  await installSystemPackages({
    purpose: 'the speech engines',
    packages: ['libpocketsphinx3', 'pocketsphinx-en-us', 'libflite1'],
    elsewhere: 'PocketSphinx 5prealpha (libpocketsphinx.so.3) with its en-us model, and flite 2 (libflite.so.1)',
  });
  const still = missing();
  if (still.length > 0)
    throw new SetUpError(`The speech engines were installed, but these files are still missing: ${still.join(', ')}.`);
}
