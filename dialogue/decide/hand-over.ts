import type { Sentence } from '../../contract/act.ts';
import type { DialogueEvent } from '../event.ts';
import { callingSentence, notReachedSentence, whisper } from '../phrase/people.ts';
import { wording } from '../phrase/sentences.ts';
import type { Bundle, TakesCalls } from '../playbook/bundle.ts';
import type { HandoverState } from '../state.ts';
import { ask, requestId, say, update, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { proceed } from './proceed.ts';
import { isOpen, ownerOf, personFor, topicsOf, type Person } from './routing.ts';
import type { Handled } from './tool-answers.ts';
import { wantCallBack } from './want-call-back.ts';

/** As `ShortText`. */
const maxReasonLength = 200;
const maxBriefingLength = 1_000;
/** A caller waits for so many people, one after the other. */
const maxTried = 2;
const usual: TakesCalls = { way: 'bridge', accept: 'key', ringSeconds: 20, skills: [] };

/** Looks for a person who can take the call now; where that is known to fail, a call back is arranged at once. */
export function handOver(draft: Draft, reason: string, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  // Who writes cannot be put through to a telephone.
  const possible = state.waitingFor === null && !state.nobodyFree && !state.typed;
  const person = possible ? nextPerson(draft) : undefined;
  if (person === undefined) {
    wantCallBack(draft, reason);
    return proceed(draft, [...opening, ...wording(bundle, 'call-back-intro')]);
  }
  update(draft, { transferReason: reason });
  callPerson(draft, person, [...opening, ...wording(bundle, 'transfer-try')]);
}

/** Whoever takes care of this lead, or else has the skill, or takes the rest; of those who take calls now. */
function nextPerson({ bundle, state, nowMs }: Draft): Person | undefined {
  const { routing } = bundle;
  const first = personFor(bundle, state, nowMs);
  if (routing === undefined || first === null || state.handover.tried.length >= maxTried) return undefined;
  const topics = topicsOf(state);
  const skilled = routing.people.filter(({ takesCalls }) => takesCalls?.skills.some((skill) => topics.has(skill)));
  const otherwise = routing.people.filter(({ id }) => id === routing.otherwise);
  return [first, ...skilled, ...otherwise].find(
    (person) => !state.handover.tried.includes(person.id) && takesCallsNow(bundle, person, nowMs),
  );
}

function takesCallsNow({ scheduling }: Bundle, { phone, sip, takesCalls = usual }: Person, nowMs: number): boolean {
  const { way, hours = scheduling.openingHours } = takesCalls;
  const reachable = way === 'browser' || phone !== undefined || sip !== undefined;
  return reachable && isOpen({ ...scheduling, openingHours: hours }, nowMs);
}

function callPerson(draft: Draft, person: Person, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const { way, accept, ringSeconds } = person.takesCalls ?? usual;
  const reason = state.transferReason;
  const tried = [...state.handover.tried, person.id];
  const id = requestId(draft, 'transfer');
  say(draft, 'say', opening, 'transfer');
  draft.acts.push({
    type: 'transfer',
    requestId: id,
    to: ownerOf(person),
    reason: reason.slice(0, maxReasonLength),
    briefing: briefing(draft, reason),
    whisper: whisper(bundle, state, person.name, reason),
    way,
    accept,
    ringMs: ringSeconds * 1_000,
  });
  update(draft, {
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    waitingFor: { requestId: id, tool: 'transfer' },
    handover: { stage: 'asked', tried, waits: 0 },
  });
}

export function transferProgress(
  draft: Draft,
  { stage }: Extract<DialogueEvent, { type: 'transfer-progress' }>,
): Handled {
  const { bundle, state } = draft;
  enter(draft, { stage, waits: 0 });
  if (state.ended === null && stage === 'calling') say(draft, 'say', [callingSentence(byOf(draft))], 'transfer');
  if (state.ended === null && stage === 'answered') say(draft, 'say', wording(bundle, 'transfer-answered'), 'transfer');
  return { rule: `transfer-${stage}`, why: `The person who is to take the call: ${stage}.` };
}

/** The caller waits for a person: never long without a word, and none that is not so. */
export function stillWaiting(draft: Draft): Handled {
  const { bundle, state } = draft;
  const { stage, waits } = state.handover;
  enter(draft, { waits: waits + 1 });
  const ringing = waits === 0 ? 'transfer-ringing' : 'transfer-still-ringing';
  const words = stage === 'ringing' ? ringing : stage === 'answered' ? 'transfer-almost' : 'one-moment';
  say(draft, 'say', wording(bundle, words), 'transfer');
  return { rule: 'transfer-wait', why: 'The caller waits for a person.' };
}

export function transferAnswered(
  draft: Draft,
  { requestId: id, answer }: Extract<DialogueEvent, { type: 'transfer-answered' }>,
): Handled {
  update(draft, { waitingFor: null });
  if (draft.state.ended !== null) return { rule: 'transfer-after-goodbye', why: 'The call was over already.' };
  switch (answer) {
    case 'accepted':
      say(draft, 'say', wording(draft.bundle, 'transfer-now'), 'transfer');
      draft.acts.push({ type: 'join', requestId: id });
      enter(draft, { stage: 'talking' });
      update(draft, { waitingFor: { requestId: id, tool: 'join' } });
      return { rule: 'transferred', why: 'A person takes the call.' };
    case 'passed-on':
      update(draft, { ended: 'transferred' });
      draft.acts.push({ type: 'end', outcome: 'transferred' });
      return { rule: 'passed-on', why: 'The trunk has taken the call to a person.' };
    case 'nobody-free':
      nobodyCame(draft, []);
      return { rule: 'transfer-nobody-free', why: 'Nobody is free to take the call.' };
    default:
      triedInVain(draft, [notReachedSentence(byOf(draft), answer)]);
      return { rule: `transfer-${answer}`, why: `The person did not take the call: ${answer}.` };
  }
}

/** The one who had the call, or was about to, is gone. */
export function personLeft(draft: Draft, { talked }: Extract<DialogueEvent, { type: 'person-left' }>): Handled {
  const { bundle } = draft;
  update(draft, { waitingFor: null });
  if (draft.state.ended !== null) return { rule: 'person-left', why: 'The call was over already.' };
  if (!talked) {
    enter(draft, { stage: 'none' });
    triedInVain(draft, [notReachedSentence(byOf(draft), 'failed')]);
    return { rule: 'person-lost', why: 'The person was lost before the two could talk.' };
  }
  enter(draft, { stage: 'over' });
  if (bundle.routing?.afterwards === 'return') {
    ask(draft, { kind: 'anything-else' }, wording(bundle, 'transfer-back', 'anything-else'));
    return { rule: 'person-left', why: 'The person has hung up; the agent asks whether there is anything else.' };
  }
  finish(draft);
  return { rule: 'person-left', why: 'The person has hung up.' };
}

/** Somebody else, or a call back. */
export function triedInVain(draft: Draft, opening: readonly Sentence[]): void {
  enter(draft, { stage: 'none' });
  const other = nextPerson(draft);
  if (other === undefined) nobodyCame(draft, opening);
  else callPerson(draft, other, [...opening, ...wording(draft.bundle, 'transfer-try')]);
}

/** A call back instead, for the same reason. */
function nobodyCame(draft: Draft, opening: readonly Sentence[]): void {
  update(draft, { nobodyFree: true });
  enter(draft, { stage: 'none' });
  wantCallBack(draft, draft.state.transferReason);
  proceed(draft, [...opening, ...wording(draft.bundle, 'transfer-nobody')]);
}

function enter(draft: Draft, change: Partial<HandoverState>): void {
  update(draft, { handover: { ...draft.state.handover, ...change } });
}

/** The one who is being called, as the agent speaks of them. */
function byOf({ bundle, state }: Draft): string {
  const id = state.handover.tried.at(-1);
  return bundle.routing?.people.find((person) => person.id === id)?.saidAs ?? bundle.business.representative;
}

/** What a person should know before they say hello. */
function briefing({ bundle, state }: Draft, reason: string): string {
  const { lead } = state;
  const lines = [
    reason,
    [lead.name, lead.phone, lead.email].filter((value) => value !== undefined).join(', '),
    ...bundle.questions.flatMap((question) => {
      const answer = lead.answers[question.id];
      return answer === undefined ? [] : [`${question.label}: ${answer.display}`];
    }),
    ...lead.objections.map(({ id, outcome }) => `Objection ${id}: ${outcome}`),
  ];
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, maxBriefingLength);
}
