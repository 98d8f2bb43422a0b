import type { Outcome } from '../../contract/act.ts';
import type { WordingKey } from '../phrase/wording.ts';
import { wording } from '../phrase/sentences.ts';
import { outcomeOf } from '../outcome.ts';
import { say, update, type Draft } from './draft.ts';
import { scored } from './score.ts';

/** Says goodbye and ends the call with the outcome it has, or a given one. */
export function finish(draft: Draft, words?: readonly WordingKey[], outcome?: Outcome): void {
  const { bundle } = draft;
  const booked = draft.state.appointment.booked !== null;
  say(draft, 'goodbye', wording(bundle, ...(words ?? [booked ? 'goodbye-booked' : 'goodbye'])));
  update(draft, { lead: scored(bundle, draft.state) });
  const ended = outcome ?? outcomeOf(bundle, draft.state);
  update(draft, { focus: { kind: 'none' }, expecting: { kind: 'none' }, ended });
  draft.acts.push({ type: 'end', outcome: ended });
}
