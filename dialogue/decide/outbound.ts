import type { Sentence } from '../../contract/act.ts';
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
  if (purpose.kind !== 'outreach' || outbound.goodTime !== 'unknown') return false;
  if (!canAsk(state, 'good-time')) {
    finish(draft, ['wrong-person'], 'not-reached');
    return true;
  }
  const first = (state.asked['good-time'] ?? 0) === 0;
  const reason = bundle.scenarios?.outreach.find(({ id }) => id === purpose.reason);
  ask(draft, { kind: 'good-time' }, [
    ...opening,
    ...(first ? fixed(reason?.lines ?? []) : []),
    ...wording(bundle, 'good-time'),
  ]);
  return true;
}
