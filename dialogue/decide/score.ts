import type { Lead, LeadStage } from '../../contract/lead.ts';
import type { Bundle, Question } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { flowOf } from './flow.ts';

/** The lead with its score, the reasons for it, and its stage. */
export function scored(bundle: Bundle, state: State): Lead {
  const { lead } = state;
  const reasons: { points: number; reason: string }[] = [];
  let disqualifiedBy: string | undefined;
  for (const question of bundle.questions) {
    const answer = lead.answers[question.id];
    if (answer === undefined) continue;
    const worth = worthOf(question, answer.value);
    if (worth === null) continue;
    if (worth.disqualifies) disqualifiedBy ??= `${question.label}: ${worth.reason}`.slice(0, 200);
    if (worth.points !== 0)
      reasons.push({ points: worth.points, reason: `${question.label}: ${worth.reason}`.slice(0, 200) });
  }
  const { contactPoints, appointmentPoints, qualifiedFrom } = bundle.qualification;
  if ((lead.phone !== undefined || lead.email !== undefined) && contactPoints !== 0)
    reasons.push({ points: contactPoints, reason: 'Can be reached' });
  if (state.appointment.booked !== null && appointmentPoints !== 0)
    reasons.push({ points: appointmentPoints, reason: 'Booked an appointment' });
  const sum = reasons.reduce((total, { points }) => total + points, 0);
  const disqualified = disqualifiedBy !== undefined;
  const score = disqualified ? 0 : Math.max(0, Math.min(100, Math.round(sum)));
  const stage = stageOf(bundle, state, score, qualifiedFrom, disqualified);
  const { disqualifiedBy: _, ...rest } = lead;
  return { ...rest, score, scoreReasons: reasons, stage, ...(disqualified ? { disqualifiedBy } : {}) };
}

function worthOf(
  question: Question,
  value: string | number,
): { points: number; reason: string; disqualifies: boolean } | null {
  if (typeof value === 'number') {
    const band = question.bands.find((candidate) => value >= candidate.atLeast);
    return band === undefined ? null : { points: band.points, reason: band.label, disqualifies: false };
  }
  const option = question.options.find((candidate) => candidate.id === value);
  return option === undefined
    ? null
    : { points: option.points, reason: option.label, disqualifies: option.disqualifies };
}

function stageOf(bundle: Bundle, state: State, score: number, qualifiedFrom: number, disqualified: boolean): LeadStage {
  if (state.appointment.booked !== null) return 'booked';
  if (state.callBack.stage === 'recorded') return 'call-back';
  if (disqualified) return 'unqualified';
  const answered = Object.keys(state.lead.answers).length;
  if (answered === 0) return 'new';
  if (score >= qualifiedFrom) return 'qualified';
  const open = flowOf(bundle, state).some(
    (step) =>
      bundle.questions.some((question) => question.id === step) &&
      state.lead.answers[step] === undefined &&
      !state.skipped.includes(step),
  );
  return open ? 'qualifying' : 'unqualified';
}
