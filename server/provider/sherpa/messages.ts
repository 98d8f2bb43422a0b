import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer());
const pcm = v.custom<Int16Array>((value) => value instanceof Int16Array);
/** What the child process is started for. Paths to the model's files. */
export const EngineSettings = v.variant('kind', [
  v.looseObject({
    kind: v.literal('recognition'),
    encoder: v.string(),
    decoder: v.string(),
    joiner: v.string(),
    tokens: v.string(),
  }),
  v.looseObject({ kind: v.literal('synthesis'), model: v.string(), tokens: v.string(), phonemes: v.string() }),
]);
export type EngineSettings = v.InferOutput<typeof EngineSettings>;

/** To the process. `stream`: one for each call that listens. `feed` and `discard` are not answered. */
export const EngineRequest = v.variant('do', [
  v.object({ do: v.literal('feed'), stream: id, samples: pcm }),
  v.object({ do: v.literal('discard'), stream: id }),
  v.object({ do: v.literal('partial'), id, stream: id }),
  v.object({ do: v.literal('finish'), id, stream: id }),
  v.object({ do: v.literal('speak'), id, text: v.string() }),
]);
export type EngineRequest = v.InferOutput<typeof EngineRequest>;

/** From the process. The first is `ready`, or `failed` without an id. */
export const EngineAnswer = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('text'), id, text: v.string(), logProbs: v.array(v.number()) }),
  v.object({ type: v.literal('sound'), id, samples: pcm, sampleRateHz: v.number() }),
  v.object({ type: v.literal('failed'), id: v.optional(id), message: v.string() }),
]);
export type EngineAnswer = v.InferOutput<typeof EngineAnswer>;
