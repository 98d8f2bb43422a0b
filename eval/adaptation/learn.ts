import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Transform } from '../../server/provider/pocketsphinx/telephone-transform.ts';
import type { Material, Spoken } from './material.ts';
import { mixtureWeights } from './mixture-weights.ts';
import { parseTransform } from './transform-file.ts';

/** Debian's model en-us: one codebook a sound, three streams of 128 densities. */
const size = { streams: 3, densities: 128, senones: 5_126 };
const trainers = '/usr/lib/sphinxtrain';

export class ToolError extends Error {}

/** One transform of all means that makes the material likeliest, by sphinxtrain. */
export async function learn(material: Material, modelFolder: string, folder: string): Promise<Transform> {
  const model = join(modelFolder, 'en-us');
  const [definition, weights] = [join(folder, 'mdef'), join(folder, 'mixture_weights')];
  await call('pocketsphinx_mdef_convert', ['-text', join(model, 'mdef'), definition]);
  await writeFile(weights, mixtureWeights(await readFile(join(model, 'sendump')), size));
  const means = ['-meanfn', join(model, 'means'), '-varfn', join(model, 'variances')];
  const parameters = await readFile(join(model, 'feat.params'), 'utf8');
  const common = [
    ['-moddeffn', definition, '-mixwfn', weights, '-tmatfn', join(model, 'transition_matrices'), '-ts2cbfn', '.ptm.'],
    means,
    ['-feat', '1s_c_d_dd', '-svspec', '0-12/13-25/26-38', '-agc', 'none', '-topn', '8', '-timing', 'no'],
    // As in a call: the mean carries over from one utterance to the next.
    ['-cmn', 'live', '-cmninit', /^-cmninit (\S+)$/m.exec(parameters)?.[1] ?? '40,3,-1'],
    ['-dictfn', material.dictionary, '-fdictfn', join(model, 'noisedict')],
  ].flat();
  const counts: string[] = [];
  for (const spoken of material.spoken) counts.push(await count(spoken, model, common));
  const file = join(folder, 'transform');
  await call(join(trainers, 'mllr_solve'), [...means, '-outmllrfn', file, '-accumdir', counts.join(',')]);
  return parseTransform(await readFile(file, 'utf8'));
}

/** How often each density was met, and what the features were then. @returns the folder that has it. */
async function count({ folder, list, transcript }: Spoken, model: string, common: readonly string[]): Promise<string> {
  const features = [
    '-argfile',
    join(model, 'feat.params'),
    '-samprate',
    '16000',
    '-c',
    list,
    '-di',
    folder,
    '-do',
    folder,
  ];
  await call('sphinx_fe', [...features, '-ei', 'raw', '-raw', 'yes', '-eo', 'mfc']);
  const counts = join(folder, 'counts');
  await mkdir(counts);
  const files = ['-ctlfn', list, '-lsnfn', transcript, '-cepdir', folder, '-accumdir', counts];
  await call(join(trainers, 'bw'), [...common, ...files]);
  return counts;
}

async function call(program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { maxBuffer: 64 << 20 });
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ToolError(
      missing
        ? `${program} is missing. Install it with: sudo apt-get install sphinxtrain sphinxbase-utils pocketsphinx`
        : `${program} did not work: ${cause instanceof Error ? cause.message.slice(-500) : String(cause)}`,
      { cause },
    );
  }
}
