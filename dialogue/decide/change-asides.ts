import { wantChange } from './answer-change.ts';
import type { CallerTurn, Candidate } from './candidate.ts';
import { update, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { lookupOf } from '../understand/lookup.ts';
import { calledContact, isChanging } from './flow.ts';
import { routed } from './routing.ts';
import { scored } from './score.ts';

/** The caller wants something of an appointment they have. */
export function changeAside(
  wish: 'move' | 'cancel' | 'check',
  act: string,
  score: number,
  before: CallerTurn['before'],
  heard: CallerTurn['heard'],
): Candidate | null {
  // Said again while it is under way.
  if (isChanging(before) && before.change.wish === wish && before.change.appointment !== null) return null;
  const rule = `caller-wants-to-${wish}`;
  const why = `The caller has an appointment to ${wish}.`;
  return { act, rule, score, why, run: (draft) => wantChange(draft, wish, heard) };
}

const changeVerbs: ReadonlyMap<string, 'move' | 'cancel'> = new Map([
  ['reschedule', 'move'],
  ['postpone', 'move'],
  ['cancel', 'cancel'],
]);

/**
 * "Cancel my cleaning", "reschedule our inspection": what one could also want a new one of. The verb says that there is
 * one already, so it is no answer to what the caller needs.
 */
export function spokenChange(draft: Draft, { before, heard, taken }: CallerTurn): Candidate | null {
  const at = heard.words.findIndex(
    (word, index) => changeVerbs.has(word) && ['my', 'our'].includes(heard.words[index + 1] ?? ''),
  );
  const wish = changeVerbs.get(heard.words[at] ?? '');
  if (wish === undefined || ["don't", 'not', 'never'].includes(heard.words[at - 1] ?? '')) return null;
  if (!taken.some((id) => lookupOf(draft.bundle).questions.has(id))) return null;
  return changeAside(wish, `${wish}-appointment`, 0.97, before, heard);
}

/** Written down before it is said; a call back that was promised is not wanted any more either. */
export function optOut(draft: Draft): void {
  const contact = calledContact(draft.state);
  const { callBack: _, ...lead } = draft.state.lead;
  const phone = lead.phone ?? contact?.phone ?? draft.state.callerNumber;
  update(draft, {
    lead: { ...lead, ...(phone === undefined ? {} : { phone }), tags: [...new Set([...lead.tags, 'do-not-call'])] },
    callBack: { stage: 'none', reason: '' },
  });
  update(draft, { lead: scored(draft.bundle, draft.state) });
  update(draft, { lead: routed(draft.bundle, draft.state, draft.nowMs) });
  draft.acts.push({ type: 'save-lead', lead: draft.state.lead });
  finish(draft, ['opted-out'], 'do-not-call');
}
