import * as v from 'valibot';
import { fitTexts, scoreText, type LabelledText, type TextModel } from '../../dialogue/learn/text-model.ts';
import { classWords, featuresOf } from '../../dialogue/understand/features.ts';
import { F1 } from './score.ts';
import { findSlots, spanKey, trainSlots, type Span } from './slots.ts';

export const NluppFold = v.array(
  v.object({
    text: v.string(),
    intents: v.optional(v.array(v.string()), []),
    slots: v.optional(v.record(v.string(), v.object({ span: v.tuple([v.number(), v.number()]) })), {}),
  }),
);
type Utterance = v.InferOutput<typeof NluppFold>[number];

/** Each fold is measured by what was learnt from all the others; the counts are added up. */
export function evaluateNlupp(folds: readonly (readonly Utterance[])[]): { intentF1: number; slotF1: number } {
  const intents = new F1();
  const slots = new F1();
  folds.forEach((held, at) => {
    const others = folds.filter((_, other) => other !== at);
    const findIntents = learnIntents(others);
    const slotModel = trainSlots(
      others.flat().map((utterance) => ({ ...utterance, asked: [], spans: spansOf(utterance) })),
    );
    for (const utterance of held) {
      intents.add(findIntents(utterance.text), utterance.intents);
      slots.add(findSlots(slotModel, utterance.text, []).map(spanKey), spansOf(utterance).map(spanKey));
    }
  });
  return { intentF1: intents.score, slotF1: slots.score };
}

const spansOf = ({ slots }: Utterance): Span[] =>
  Object.entries(slots).map(([slot, { span }]) => ({ slot, start: span[0], end: span[1] }));

const thresholds = Array.from({ length: 31 }, (_, step) => -0.9 + step * 0.04);

/** The threshold above which an intent is meant is the one that does best on folds held out in turn. */
function learnIntents(folds: readonly (readonly Utterance[])[]): (text: string) => string[] {
  const names = [...new Set(folds.flat().flatMap(({ intents }) => intents))].sort();
  const labelled = (utterances: readonly Utterance[]) =>
    utterances.map(({ text, intents }): LabelledText => ({
      counts: featuresOf(classWords(text)),
      targets: intents.map((intent) => names.indexOf(intent)),
    }));
  const found = (model: TextModel, text: string, threshold: number) => {
    const scores = scoreText(model, featuresOf(classWords(text)));
    return names.filter((_, index) => scores[index]! >= threshold);
  };
  const tried = thresholds.map((threshold) => ({ threshold, f1: new F1() }));
  folds.forEach((held, at) => {
    const model = fitTexts(labelled(folds.filter((_, other) => other !== at).flat()), names.length);
    for (const { text, intents } of held)
      for (const { threshold, f1 } of tried) f1.add(found(model, text, threshold), intents);
  });
  const { threshold } = tried.reduce((best, next) => (next.f1.score > best.f1.score ? next : best));
  const model = fitTexts(labelled(folds.flat()), names.length);
  return (text) => found(model, text, threshold);
}
