import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { modelFiles, SpeechModel } from '../../../contract/speech-model.ts';

type Kind = SpeechModel['kind'];

/** A model's files, by absolute or working-directory path. */
export type ModelFiles<K extends Kind> = Extract<SpeechModel, { kind: K }>;

/**
 * Reads a model's `model.json`, and sees that its files are there: the library ends the process over a missing one.
 * Rejects with what to do.
 */
export async function readModel<K extends Kind>(modelsFolder: string, name: string, kind: K): Promise<ModelFiles<K>> {
  const folder = join(modelsFolder, name);
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch((cause: unknown) => {
    throw new Error(
      `The speech model '${name}' is not in ${modelsFolder}. Fetch it with: npm run models -- get ${name}`,
      {
        cause,
      },
    );
  });
  const model = parse(folder, text);
  if (!isOfKind(model, kind)) throw new Error(`The speech model '${name}' is for ${model.kind}, not for ${kind}.`);
  const paths = Object.fromEntries(Object.entries(modelFiles(model)).map(([part, file]) => [part, join(folder, file)]));
  for (const path of Object.values(paths)) {
    await access(path).catch((cause: unknown) => {
      throw new Error(
        `The speech model '${name}' has lost ${path}. Fetch it again with: npm run models -- get ${name}`,
        {
          cause,
        },
      );
    });
  }
  return { ...model, ...paths };
}

function parse(folder: string, text: string): SpeechModel {
  try {
    return v.parse(SpeechModel, JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${join(folder, 'model.json')} is damaged. Fetch the model again with: npm run models -- get NAME`,
      {
        cause,
      },
    );
  }
}

function isOfKind<K extends Kind>(model: SpeechModel, kind: K): model is ModelFiles<K> {
  return model.kind === kind;
}
