import { tagSentence, trainTagger, type Tagger } from './tagger.ts';
import { tokenFeatures, tokensOf, type Token } from './tokens.ts';

/** A slot's value: characters `start` up to, not with, `end`. */
export interface Span {
  readonly slot: string;
  readonly start: number;
  readonly end: number;
}

export interface SlotText {
  readonly text: string;
  /** Slots that were just asked for. */
  readonly asked: readonly string[];
  readonly spans: readonly Span[];
}

export interface SlotModel {
  readonly slots: readonly string[];
  readonly tagger: Tagger;
}

export function trainSlots(texts: readonly SlotText[]): SlotModel {
  const slots = [...new Set(texts.flatMap(({ spans }) => spans.map(({ slot }) => slot)))].sort();
  const sentences = texts.map(({ text, asked, spans }) => {
    const tokens = tokensOf(text);
    return { features: tokenFeatures(tokens, asked), tags: tagsOf(tokens, spans, slots) };
  });
  return { slots, tagger: trainTagger(sentences, 1 + 2 * slots.length, mayFollow) };
}

export function findSlots({ slots, tagger }: SlotModel, text: string, asked: readonly string[]): Span[] {
  const tokens = tokensOf(text);
  const tags = tagSentence(tagger, tokenFeatures(tokens, asked));
  const spans: Span[] = [];
  tokens.forEach((token, at) => {
    const tag = tags[at] ?? 0;
    const last = spans.at(-1);
    if (isInside(tag) && last !== undefined) spans[spans.length - 1] = { ...last, end: token.end };
    else if (tag > 0) spans.push({ slot: slots[slotOf(tag)]!, start: token.start, end: token.end });
  });
  return spans;
}

/** 0 is outside; of slot n, the first token is 2n + 1, the others are 2n + 2. */
const isInside = (tag: number) => tag > 0 && tag % 2 === 0;
const slotOf = (tag: number) => Math.floor((tag - 1) / 2);
const mayFollow = (before: number, tag: number) => !isInside(tag) || (before > 0 && slotOf(before) === slotOf(tag));

function tagsOf(tokens: readonly Token[], spans: readonly Span[], slots: readonly string[]): number[] {
  return tokens.map(({ start, end }, at) => {
    const span = spans.find((candidate) => start < candidate.end && end > candidate.start);
    if (span === undefined) return 0;
    const first = (tokens[at - 1]?.end ?? 0) <= span.start;
    return 2 * slots.indexOf(span.slot) + (first ? 1 : 2);
  });
}

export const spanKey = ({ slot, start, end }: Span): string => `${slot} ${start}-${end}`;
