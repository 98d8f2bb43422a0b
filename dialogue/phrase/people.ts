import type { Sentence } from '../../contract/act.ts';
import type { HandoverFailure } from '../../contract/handover.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { spokenOf } from './spoken.ts';

/** What is said about a person of the business, and to them. Names are of the playbook; all else is of this call. */

const maxTextLength = 160;
/** More cannot be kept in mind by somebody who has just picked up. */
const maxAnswers = 4;
const maxReasons = 2;

function sentence(text: string): Sentence {
  const short = text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text;
  return { text: short, spoken: spokenOf(short), approved: false, cites: [] };
}

export function callingSentence(by: string): Sentence {
  return sentence(`I am calling ${by} now.`);
}

/** Why a person does not take the call. What they do with their telephone is not the caller's business. */
export function notReachedSentence(by: string, why: HandoverFailure): Sentence {
  switch (why) {
    case 'busy':
      return sentence(`The line of ${by} is busy.`);
    case 'no-answer':
      return sentence(`${upper(by)} did not pick up.`);
    case 'rejected':
    case 'not-accepted':
      return sentence(`${upper(by)} can't take the call right now.`);
    case 'failed':
      return sentence(`I could not reach ${by}.`);
    default:
      return why satisfies never;
  }
}

/** Said to a person who has picked up: who calls, what they want, why they matter, and what was not asked yet. */
export function whisper(bundle: Bundle, { lead, callerNumber }: State, name: string, reason: string): Sentence[] {
  const { agentName, name: business } = bundle.business;
  const answered = bundle.questions.flatMap((question) => {
    const answer = lead.answers[question.id];
    return answer === undefined ? [] : [`${question.label}: ${answer.display}.`];
  });
  const because = [...lead.scoreReasons]
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, maxReasons)
    .map((each) => each.reason);
  const open = bundle.questions.find(
    ({ id }) => bundle.flow.includes(id) && lead.answers[id] === undefined && answered.length > 0,
  );
  const who = lead.name ?? (callerNumber === undefined ? 'A caller' : `Somebody from ${callerNumber}`);
  return [
    `Hello ${name}, this is ${agentName}, the AI assistant of ${business}.`,
    `${who} is on the line.`,
    `${reason}.`,
    ...answered.slice(0, maxAnswers),
    ...(because.length === 0 ? [] : [`The score is ${lead.score} of 100: ${because.join(', ')}.`]),
    ...(open === undefined ? [] : [`Not known yet: ${open.label}.`]),
  ].map(sentence);
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
