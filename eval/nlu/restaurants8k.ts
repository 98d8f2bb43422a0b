import * as v from 'valibot';
import { seeded, shuffle } from '../../dialogue/learn/random.ts';
import { F1 } from './score.ts';
import { findSlots, spanKey, trainSlots, type SlotText } from './slots.ts';

/** A span that starts with the text has no `startIndex`. */
const ValueSpan = v.object({ startIndex: v.optional(v.number(), 0), endIndex: v.number() });
export const Restaurants8k = v.array(
  v.object({
    userInput: v.object({ text: v.string() }),
    context: v.optional(v.object({ requestedSlots: v.optional(v.array(v.string()), []) })),
    labels: v.optional(v.array(v.object({ slot: v.string(), valueSpan: v.optional(ValueSpan) })), []),
  }),
);
type Restaurants8k = v.InferOutput<typeof Restaurants8k>;

const testShare = 0.25;

/** Trained on three quarters of the texts, drawn with a fixed seed, measured on the others. */
export function evaluateRestaurants8k(data: Restaurants8k): { slotF1: number } {
  const texts = shuffle(distinct(data.map(slotText)), seeded(1));
  const testSize = Math.round(texts.length * testShare);
  const model = trainSlots(texts.slice(testSize));
  const f1 = new F1();
  for (const { text, asked, spans } of texts.slice(0, testSize)) {
    f1.add(findSlots(model, text, asked).map(spanKey), spans.map(spanKey));
  }
  return { slotF1: f1.score };
}

const slotText = ({ userInput, context, labels }: Restaurants8k[number]): SlotText => ({
  text: userInput.text,
  asked: context?.requestedSlots ?? [],
  spans: labels.flatMap(({ slot, valueSpan }) =>
    valueSpan === undefined ? [] : [{ slot, start: valueSpan.startIndex, end: valueSpan.endIndex }],
  ),
});

/** The same words must not be learnt and asked. */
const distinct = (texts: readonly SlotText[]) => [...new Map(texts.map((text) => [text.text, text])).values()];
