import type { Chance } from './chance.ts';

/** Words that a recogniser takes for each other. */
const alike: readonly (readonly string[])[] = [
  ['five', 'nine'],
  ['four', 'for'],
  ['two', 'to', 'too'],
  ['eight', 'ate'],
  ['oh', 'a'],
  ['roof', 'root'],
  ['new', 'knew'],
  ['a', 'the', 'uh'],
  ['and', 'an', 'in'],
  ['my', 'by'],
  ["it's", 'is', 'its'],
  ['i', 'eye', 'a'],
  ['need', 'knead', 'neat'],
  ['would', 'wood', 'could'],
  ['right', 'write'],
  ['please', 'peas'],
  ['fifteen', 'fifty'],
  ['thousand', 'thousands'],
  ['month', 'months'],
  ['yes', 'yeah'],
  ['leaking', 'leaping'],
  ['seven', 'eleven'],
];
const others = new Map<string, readonly string[]>(
  alike.flatMap((group) => group.map((word) => [word, group.filter((other) => other !== word)] as const)),
);

/** What a recogniser makes of spoken words; at least one is left. */
export function misheard(
  text: string,
  noise: { readonly drops: number; readonly swaps: number },
  chance: Chance,
): string {
  const words = text.split(' ');
  const heard = words.flatMap((word) => {
    if (chance.happens(noise.drops)) return [];
    const swaps = others.get(word);
    return [swaps !== undefined && chance.happens(noise.swaps * 4) ? (chance.pick(swaps) ?? word) : word];
  });
  return heard.length === 0 ? (words[0] ?? text) : heard.join(' ');
}
