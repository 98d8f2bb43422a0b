import { fitOneVsRest, scoresOf, type LinearModel, type Row } from './one-vs-rest.ts';
import { raritiesOf, unseenRarity, vectorOf, type Counts } from './vectors.ts';

/** A text's features, and the labels that are true of it: one, several or none. */
export interface LabelledText {
  readonly counts: Counts;
  readonly targets: readonly number[];
}

export interface TextModel {
  readonly linear: LinearModel;
  readonly ids: ReadonlyMap<string, number>;
  readonly rarities: ReadonlyMap<string, number>;
  readonly unseen: number;
}

export function fitTexts(texts: readonly LabelledText[], labels: number): TextModel {
  const rarities = raritiesOf(texts.map(({ counts }) => counts));
  const unseen = unseenRarity(texts.length);
  const ids = new Map([...rarities.keys()].map((feature, id) => [feature, id]));
  const vocabulary = { ids, rarities, unseen };
  const rows = texts.map(({ counts, targets }) => ({ ...sparse(counts, vocabulary), targets }));
  return { linear: fitOneVsRest(rows, ids.size, labels), ...vocabulary };
}

/** Every label's score: about 1 where it is true, -1 where it is not. */
export const scoreText = (model: TextModel, counts: Counts): Float64Array =>
  scoresOf(model.linear, sparse(counts, model));

function sparse(counts: Counts, { ids, rarities, unseen }: Omit<TextModel, 'linear'>): Pick<Row, 'ids' | 'values'> {
  const vector = vectorOf(counts, (feature) => rarities.get(feature), unseen);
  return {
    ids: Int32Array.from(vector, ([feature]) => ids.get(feature)!),
    values: Float64Array.from(vector, ([, value]) => value),
  };
}
