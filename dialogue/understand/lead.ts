import type { Label } from '../playbook/bundle.ts';

/** The best label that means something, and its lead over "none of these". */
export function leadOf(scores: ArrayLike<number>, labels: readonly Label[]): { best: number; lead: number } {
  const none = noneScore(scores, labels);
  let best = -1;
  for (let index = 0; index < labels.length; index++) {
    if (labels[index]!.kind !== 'none' && (best < 0 || scores[index]! > scores[best]!)) best = index;
  }
  return { best, lead: (scores[best] ?? none) - none };
}

/** How much an utterance is none of these; where nothing teaches that, the middle between true and not. */
export function noneScore(scores: ArrayLike<number>, labels: readonly Label[]): number {
  const none = labels.findIndex(({ kind }) => kind === 'none');
  return none < 0 ? 0 : scores[none]!;
}
