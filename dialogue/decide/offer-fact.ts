import { relatedFact } from '../playbook/knowledge.ts';
import type { Draft } from './draft.ts';

/** Facts are offered so often in one call; more would be a sales talk. */
const maxOffers = 2;

/** A fact near the one just told that the caller may want to hear of; none when enough were offered. */
export function factToOffer({ bundle, state, acts }: Draft): string | null {
  const told = acts.findLast((act) => act.type === 'answer');
  const offered = Object.keys(state.asked).filter((name) => name.startsWith('fact-'));
  if (told?.type !== 'answer' || told.about === undefined || offered.length >= maxOffers) return null;
  const known = [...state.lead.askedAbout, ...offered.map((name) => name.slice('fact-'.length))];
  return relatedFact(bundle, told.about, known)?.id ?? null;
}
