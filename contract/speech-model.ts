import * as v from 'valibot';
import { Locale, ShortText, Slug } from './primitives.ts';

/** A file or folder of the model, inside the model's own folder. */
const Inside = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[A-Za-z0-9_-][\w.-]*$/, 'must be a name without folders'),
);

/** The archive's SHA-256, lower-case hex. */
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const common = {
  name: Slug,
  /** What it hears or speaks. */
  language: Locale,
  licence: ShortText,
};

/** `model.json` beside a local neural model: what sherpa-onnx needs to know to load it. */
export const SpeechModel = v.variant('kind', [
  /** A streaming transducer. */
  v.object({
    kind: v.literal('recognition'),
    ...common,
    encoder: Inside,
    decoder: Inside,
    joiner: Inside,
    tokens: Inside,
  }),
  /** VITS, as Piper's voices. `phonemes`: its espeak-ng-data folder. */
  v.object({ kind: v.literal('synthesis'), ...common, model: Inside, tokens: Inside, phonemes: Inside }),
]);
export type SpeechModel = v.InferOutput<typeof SpeechModel>;

/** The model's files and folders, by their part in it. */
export function modelFiles(model: SpeechModel): Readonly<Record<string, string>> {
  switch (model.kind) {
    case 'recognition': {
      const { encoder, decoder, joiner, tokens } = model;
      return { encoder, decoder, joiner, tokens };
    }
    case 'synthesis':
      return { model: model.model, tokens: model.tokens, phonemes: model.phonemes };
    default:
      return model satisfies never;
  }
}
