import type { CallEvent, CallFact } from '../../contract/call-event.ts';
import type { Lead } from '../../contract/lead.ts';
import { asNode, mondayMs, request } from './control-plane.ts';

export const emptyLead: Lead = {
  answers: {},
  score: 0,
  scoreReasons: [],
  stage: 'new',
  objections: [],
  askedAbout: [],
  tags: [],
};
export const reachableLead: Lead = {
  ...emptyLead,
  name: 'Ann Miller',
  phone: '+13035550123',
  score: 40,
  stage: 'qualifying',
};

export const callStart = (playbook: string): Extract<CallFact, { type: 'call-start' }> => ({
  type: 'call-start',
  door: 'browser',
  mode: 'voice',
  playbook,
  node: 'north',
  locale: 'en-US',
});

export const said = (text: string, startMs = mondayMs): CallFact => ({
  type: 'caller-turn',
  turn: 1,
  text,
  confidence: 0.9,
  alternatives: [],
  typed: false,
  startMs,
  endMs: startMs + 500,
});

export const answered = (text: string, heardText = text): CallFact => ({
  type: 'agent-turn',
  turn: 1,
  act: 'ask',
  text,
  heardText,
  interrupted: heardText !== text,
  startMs: mondayMs + 1_000,
  endMs: mondayMs + 2_000,
});

export const leadFact = (lead: Lead): CallFact => ({ type: 'lead', lead });
export const callEnd: CallFact = { type: 'call-end', reason: 'agent-goodbye', outcome: 'information-given' };

/** Facts in their places, from `firstSeq` on, one a second. */
export const inOrder = (facts: CallFact[], firstSeq = 0): CallEvent[] =>
  facts.map((fact, index) => ({ seq: firstSeq + index, atMs: mondayMs + (firstSeq + index) * 1_000, fact }));

export async function postEvents(business: string, callId: string, events: readonly unknown[]): Promise<Response> {
  return request('POST', `/v1/node/calls/${callId}/events`, { headers: asNode, body: { business, events } });
}
