import { wantChange } from './answer-change.ts';
import type { CallerTurn, Candidate } from './candidate.ts';
import { update, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { calledContact, isChanging } from './flow.ts';
import { routed } from './routing.ts';
import { scored } from './score.ts';

/** The caller wants something of an appointment they have. */
export function changeAside(
  wish: 'move' | 'cancel' | 'check',
  act: string,
  confidence: number,
  before: CallerTurn['before'],
  heard: CallerTurn['heard'],
): Candidate | null {
  // Said again while it is under way.
  if (isChanging(before) && before.change.wish === wish && before.change.appointment !== null) return null;
  const rule = `caller-wants-to-${wish}`;
  const why = `The caller has an appointment to ${wish}.`;
  return { act, rule, score: confidence * 0.93, why, run: (draft) => wantChange(draft, wish, heard) };
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
