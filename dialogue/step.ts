import type { Act, SpokenAct } from '../contract/act.ts';
import type { DecisionRecord } from '../contract/decision.ts';
import { rememberTurn } from './consult/consult.ts';
import { consultAnswered, type Consulted } from './consult/consulted.ts';
import { personLeft, transferAnswered, transferProgress } from './decide/hand-over.ts';
import { callerSaid, type CallerDecision } from './decide/caller-said.ts';
import { update, type Draft } from './decide/draft.ts';
import { agentHeard } from './decide/agent-heard.ts';
import { callStart } from './decide/call-start.ts';
import { routed } from './decide/routing.ts';
import { scored } from './decide/score.ts';
import { callerSilent } from './decide/silence.ts';
import { appointmentsFound, cancelAnswered, confirmAnswered, moveAnswered } from './decide/change-answers.ts';
import {
  answersOpenRequest,
  bookingAnswered,
  callBackRecorded,
  slotsFound,
  toolFailed,
  type Handled,
} from './decide/tool-answers.ts';
import type { DialogueEvent } from './event.ts';
import type { Bundle } from './playbook/bundle.ts';
import type { State } from './state.ts';

export interface Step {
  readonly state: State;
  readonly acts: readonly Act[];
  /** Null when nothing was decided: what was heard of the agent, or a late answer of a tool. */
  readonly record: DecisionRecord | null;
}

/**
 * One step of a conversation: what happened → what the agent does, and why. Pure: the same bundle, state
 * and event always give the same step.
 */
export function step(bundle: Bundle, state: State, happened: DialogueEvent): Step {
  const event = bounded(happened);
  if (event.type === 'agent-heard') return { state: agentHeard(state, event), acts: [], record: null };
  if (event.type === 'call-end')
    return { state: state.ended === null ? { ...state, lead: scored(bundle, state) } : state, acts: [], record: null };
  const draft: Draft = { bundle, nowMs: event.nowMs, turn: state.turn, state, acts: [], asking: -1 };
  if ('requestId' in event && !answersOpenRequest(draft, event.requestId)) return { state, acts: [], record: null };
  const decision = decide(draft, event);
  if (decision === null) return { state, acts: [], record: null };
  update(draft, { lead: scored(bundle, draft.state), turn: state.turn + 1 });
  update(draft, { lead: routed(bundle, draft.state, draft.nowMs) });
  saveLead(draft, state);
  remember(draft, state, event);
  return { state: draft.state, acts: draft.acts, record: recordOf(draft, state, event, decision) };
}

/** What one party may say in one turn, as `Utterance` has it. More is not recorded, so it is not acted upon either. */
const maxUtteranceLength = 4_000;

function bounded(event: DialogueEvent): DialogueEvent {
  if (event.type !== 'caller-said') return event;
  const cut = (text: string) => text.slice(0, maxUtteranceLength);
  const alternatives = event.alternatives.map((other) => ({ ...other, text: cut(other.text) }));
  return { ...event, text: cut(event.text), alternatives };
}

type DecidingEvent = Exclude<DialogueEvent, { type: 'agent-heard' | 'call-end' }>;

function decide(draft: Draft, event: DecidingEvent): CallerDecision | Handled | Consulted {
  switch (event.type) {
    case 'call-start':
      return callStart(draft, event);
    case 'caller-said':
      return callerSaid(draft, event);
    case 'caller-silent':
      return callerSilent(draft);
    case 'slots-found':
      return slotsFound(draft, event);
    case 'booking-answered':
      return bookingAnswered(draft, event);
    case 'call-back-recorded':
      return callBackRecorded(draft);
    case 'appointments-found':
      return appointmentsFound(draft, event);
    case 'move-answered':
      return moveAnswered(draft, event);
    case 'cancel-answered':
      return cancelAnswered(draft, event);
    case 'confirm-answered':
      return confirmAnswered(draft, event);
    case 'transfer-progress':
      return transferProgress(draft, event);
    case 'transfer-answered':
      return transferAnswered(draft, event);
    case 'person-left':
      return personLeft(draft, event);
    case 'tool-failed':
      return toolFailed(draft);
    case 'consulted-meaning':
    case 'consulted-sentence':
    case 'consulted':
    case 'consult-failed':
      return consultAnswered(draft, event);
    default:
      return event satisfies never;
  }
}

/** Whatever changed of the lead is saved at once: the call can end at any moment. */
function saveLead(draft: Draft, before: State): void {
  const { lead } = draft.state;
  const saved = draft.acts.findLast((act) => act.type === 'save-lead')?.lead ?? before.lead;
  if (JSON.stringify(lead) === JSON.stringify(saved)) return;
  const end = draft.acts.findIndex((act) => act.type === 'end');
  draft.acts.splice(end < 0 ? draft.acts.length : end, 0, { type: 'save-lead', lead });
}

const isSpoken = (act: Act): act is SpokenAct => 'sentences' in act;

function remember(draft: Draft, before: State, event: DecidingEvent): void {
  if (event.type === 'caller-said') draft.state = rememberTurn(draft.state, 'caller', event.text);
  const spoken = draft.acts.filter(isSpoken);
  if (spoken.length === 0) return;
  const now = spoken.flatMap((act) => act.sentences.map((sentence) => sentence.text));
  draft.state = rememberTurn(draft.state, 'agent', now.join(' '));
  // A free answer comes in several steps, and is heard as one.
  const goesOn = event.type !== 'caller-said' && (before.consult?.pending?.spoken ?? 0) > 0;
  const sentences = goesOn ? [...draft.state.lastSaid.sentences, ...now] : now;
  update(draft, { lastSaid: { sentences, questionAt: draft.asking < 0 ? -1 : sentences.length - 1 } });
}

/** At most 64 characters, as a slug has, and no hyphen at the end. */
const slug = (id: string): string => id.slice(0, 64).replace(/-$/, '');

function heardIn(event: Extract<DialogueEvent, { type: 'caller-said' }>): DecisionRecord['heard'] {
  const { text, confidence, alternatives, typed } = event;
  return { text, confidence, alternatives: [...alternatives], typed };
}

function recordOf(
  draft: Draft,
  before: State,
  event: DecidingEvent,
  decision: CallerDecision | Handled | NonNullable<Consulted>,
): DecisionRecord {
  const cites = [
    ...new Set(draft.acts.filter(isSpoken).flatMap((act) => act.sentences.flatMap((sentence) => sentence.cites))),
  ];
  const escalation = draft.state.escalations === before.escalations ? undefined : draft.state.escalations.at(-1);
  const base = {
    turn: draft.turn,
    atMs: event.nowMs,
    playbook: draft.bundle.hash,
    ...(draft.bundle.arm === undefined ? {} : { experiment: draft.bundle.arm }),
    trigger: event.type,
    cites,
    ...(escalation === undefined ? {} : { escalation }),
    ...('model' in decision && decision.model !== undefined ? { model: decision.model } : {}),
  };
  const act = draft.acts.findLast((candidate) => candidate.type !== 'save-lead')?.type ?? 'none';
  if (!('heard' in decision)) {
    const { rule, why } = decision;
    return {
      ...base,
      understood: { intents: [], slots: [], sentiment: 'neutral' },
      candidates: [{ act, score: 1, why }],
      chosen: { act, rule, reason: why },
    };
  }
  const { heard, taken, candidates } = decision;
  const [chosen] = candidates;
  const { lead } = draft.state;
  return {
    ...base,
    ...(event.type === 'caller-said' ? { heard: heardIn(event) } : {}),
    understood: {
      intents: heard.guesses.map(({ label, confidence }) => ({
        id: label.question === undefined ? label.id : slug(`${label.question}-${label.id}`),
        confidence,
      })),
      slots: taken.flatMap((slot) => {
        const answer = lead.answers[slot];
        if (answer !== undefined) return [{ slot, value: String(answer.value), confidence: answer.confidence }];
        const value =
          slot === 'name'
            ? heard.name?.name
            : slot === 'phone'
              ? heard.phone
              : slot === 'email'
                ? heard.email
                : slot === 'appointment'
                  ? 'wanted'
                  : null;
        return value === null || value === undefined
          ? []
          : [{ slot, value, confidence: slot === 'name' ? (heard.name?.confidence ?? 0.9) : 0.9 }];
      }),
      sentiment: heard.sentiment,
    },
    candidates: candidates.map((candidate) => ({
      act: candidate.act,
      score: Math.round(candidate.score * 1_000) / 1_000,
      why: candidate.why,
    })),
    chosen: { act: chosen?.act ?? act, rule: chosen?.rule ?? 'none', reason: chosen?.why ?? '' },
  };
}
