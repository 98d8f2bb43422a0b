import type { Act, Sentence, SpokenAct } from '../../contract/act.ts';
import type { Lead } from '../../contract/lead.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { AppointmentState, ChangeState, Focus, State } from '../state.ts';
import { expectingOf, focusName } from './focus.ts';

/** One step in the making. `state` is replaced, never changed. */
export interface Draft {
  readonly bundle: Bundle;
  readonly nowMs: number;
  readonly turn: number;
  state: State;
  readonly acts: Act[];
  /** Index in `acts` of the one that asks. */
  asking: number;
}

export function update(draft: Draft, change: Partial<State>): void {
  draft.state = { ...draft.state, ...change };
}

export function updateLead(draft: Draft, change: Partial<Lead>): void {
  update(draft, { lead: { ...draft.state.lead, ...change } });
}

export function updateAppointment(draft: Draft, change: Partial<AppointmentState>): void {
  update(draft, { appointment: { ...draft.state.appointment, ...change } });
}

export function updateChange(draft: Draft, change: Partial<ChangeState>): void {
  update(draft, { change: { ...draft.state.change, ...change } });
}

export function say(draft: Draft, type: SpokenAct['type'], sentences: readonly Sentence[], about?: string): void {
  if (sentences.length > 0) draft.acts.push({ type, sentences, ...(about === undefined ? {} : { about }) });
}

/** Says something that waits for a reply, and remembers what for. */
export function ask(draft: Draft, focus: Focus, sentences: readonly Sentence[], type: SpokenAct['type'] = 'ask'): void {
  const name = focusName(focus);
  const { state } = draft;
  update(draft, {
    focus,
    expecting: expectingOf(draft.bundle, focus),
    focusHeard: true,
    asked: { ...state.asked, [name]: (state.asked[name] ?? 0) + 1 },
  });
  draft.asking = draft.acts.length;
  say(draft, type, sentences, name);
}

export function skip(draft: Draft, step: string): void {
  if (!draft.state.skipped.includes(step)) update(draft, { skipped: [...draft.state.skipped, step] });
}

/** Ids are made from the turn, so that a replay makes the same ones. */
export function requestId(draft: Draft, tool: string): string {
  return `${tool}-${draft.turn}`;
}
