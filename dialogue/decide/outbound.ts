import type { Sentence } from '../../contract/act.ts';
import type { CallPurpose } from '../../contract/purpose.ts';
import type { Bundle } from '../playbook/bundle.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import { askAbout, canAsk } from './ask-about.ts';
import { ask, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { isStranger } from './flow.ts';

/** The beginning of a call that we made. True when something was said for it. */
export function outboundStep(draft: Draft, opening: readonly Sentence[]): boolean {
  const { bundle, state } = draft;
  const { purpose, outbound } = state;
  if (isStranger(state)) {
    if (canAsk(state, 'identify')) askAbout(draft, { kind: 'identify' }, opening);
    else finish(draft, ['wrong-person'], 'not-reached');
    return true;
  }
  const asksFirst = purpose.kind === 'outreach' || purpose.kind === 'call-back';
  if (!asksFirst || outbound.goodTime !== 'unknown') return false;
  if (!canAsk(state, 'good-time')) {
    finish(draft, ['wrong-person'], 'not-reached');
    return true;
  }
  const first = (state.asked['good-time'] ?? 0) === 0;
  ask(draft, { kind: 'good-time' }, [
    ...opening,
    ...(first ? whyWeCall(bundle, purpose) : []),
    ...wording(bundle, 'good-time'),
  ]);
  return true;
}

/** What a call is about, once the person is who we asked for. */
function whyWeCall(bundle: Bundle, purpose: CallPurpose): Sentence[] {
  if (purpose.kind === 'call-back') return wording(bundle, 'called-back');
  if (purpose.kind !== 'outreach') return [];
  return fixed(bundle.scenarios?.outreach.find(({ id }) => id === purpose.reason)?.lines ?? []);
}
