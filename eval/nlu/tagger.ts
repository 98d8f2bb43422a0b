import { seeded, shuffle } from '../../dialogue/learn/random.ts';

/** A sentence as features of each token, and the tag of each token: 0 is outside. */
export interface TaggedSentence {
  readonly features: readonly (readonly string[])[];
  readonly tags: readonly number[];
}

export interface Tagger {
  readonly tags: number;
  readonly ids: ReadonlyMap<string, number>;
  /** `weights[feature * tags + tag]` */
  readonly weights: Float64Array;
  /** `steps[(before + 1) * tags + tag]`; before the first token stands -1. */
  readonly steps: Float64Array;
}

const passes = 12;

/**
 * An averaged structured perceptron: Collins, "Discriminative Training Methods for Hidden Markov Models", EMNLP 2002.
 * `allowed` says which tag may follow which; before the first token stands -1.
 */
export function trainTagger(
  sentences: readonly TaggedSentence[],
  tags: number,
  allowed: (before: number, tag: number) => boolean,
): Tagger {
  const ids = new Map<string, number>();
  const idOf = (feature: string) => {
    const id = ids.get(feature) ?? ids.size;
    ids.set(feature, id);
    return id;
  };
  const coded = sentences.map(({ features, tags }) => ({ tags, ids: features.map((token) => token.map(idOf)) }));
  const weights = new Float64Array(ids.size * tags);
  const steps = new Float64Array((tags + 1) * tags);
  // The average over time is the last weight less each change times when it came.
  const late = { weights: new Float64Array(weights.length), steps: new Float64Array(steps.length) };
  for (let before = -1; before < tags; before++) {
    for (let tag = 0; tag < tags; tag++) if (!allowed(before, tag)) steps[(before + 1) * tags + tag] = -Infinity;
  }
  const random = seeded(1);
  let now = 0;
  const move = (sentence: readonly (readonly number[])[], path: readonly number[], by: number) => {
    path.forEach((tag, at) => {
      for (const id of sentence[at] ?? []) {
        weights[id * tags + tag]! += by;
        late.weights[id * tags + tag]! += by * now;
      }
      const step = ((path[at - 1] ?? -1) + 1) * tags + tag;
      steps[step]! += by;
      late.steps[step]! += by * now;
    });
  };
  for (let pass = 0; pass < passes; pass++) {
    for (const { ids: sentence, tags: wanted } of shuffle([...coded], random)) {
      now++;
      const found = bestPath(sentence, tags, weights, steps);
      if (found.every((tag, at) => tag === wanted[at])) continue;
      move(sentence, wanted, 1);
      move(sentence, found, -1);
    }
  }
  return {
    tags,
    ids,
    weights: weights.map((weight, at) => weight - late.weights[at]! / (now + 1)),
    steps: steps.map((weight, at) => weight - late.steps[at]! / (now + 1)),
  };
}

/** The likeliest tags of a sentence. */
export function tagSentence(tagger: Tagger, features: readonly (readonly string[])[]): number[] {
  const sentence = features.map((token) =>
    token.flatMap((feature) => {
      const id = tagger.ids.get(feature);
      return id === undefined ? [] : [id];
    }),
  );
  return bestPath(sentence, tagger.tags, tagger.weights, tagger.steps);
}

/** Viterbi. */
function bestPath(
  sentence: readonly (readonly number[])[],
  tags: number,
  weights: Float64Array,
  steps: Float64Array,
): number[] {
  const from: Int32Array[] = [];
  let best = new Float64Array(0);
  for (const token of sentence) {
    const reached = best;
    const here = new Float64Array(tags);
    for (const id of token) for (let tag = 0; tag < tags; tag++) here[tag]! += weights[id * tags + tag]!;
    const back = new Int32Array(tags).fill(-1);
    for (let tag = 0; tag < tags; tag++) {
      let most = reached.length === 0 ? steps[tag]! : -Infinity;
      for (let before = 0; before < reached.length; before++) {
        const score = reached[before]! + steps[(before + 1) * tags + tag]!;
        if (score > most) [most, back[tag]] = [score, before];
      }
      here[tag]! += most;
    }
    from.push(back);
    best = here;
  }
  if (sentence.length === 0) return [];
  const path = [best.indexOf(Math.max(...best))];
  for (let at = sentence.length - 1; at > 0; at--) path.unshift(from[at]![path[0]!]!);
  return path;
}
