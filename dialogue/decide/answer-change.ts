import { chooseSlot, withTime } from '../capture/slot-choice.ts';
import { slotSentence } from '../phrase/values.ts';
import { wording } from '../phrase/sentences.ts';
import { understand, type Understanding } from '../understand/understand.ts';
import { hasPhrase } from '../understand/words.ts';
import { answering, intentIn, polarityScore, type CallerTurn, type Candidate } from './candidate.ts';
import { askAbout } from './ask-about.ts';
import { updateAppointment, updateChange, type Draft } from './draft.ts';
import { isChanging } from './flow.ts';
import { askAgain, proceed } from './proceed.ts';

type Wish = 'move' | 'cancel' | 'check';

/** The caller wants something of an appointment they have: looks for it, unless it is known already. */
export function wantChange(draft: Draft, wish: Wish, heard: Understanding): void {
  const { state } = draft;
  const known = isChanging(state) ? state.change.appointment : state.appointment.booked;
  updateChange(draft, {
    wish,
    result: 'none',
    agreed: false,
    ...(isChanging(state) ? {} : { appointment: known, found: [], searched: [], told: false }),
  });
  const preference = wish === 'move' ? wishedTime(draft, heard) : {};
  updateAppointment(draft, { offered: [], chosen: null, confirmed: false, preference });
  proceed(draft, wording(draft.bundle, 'no-worries'));
}

/** "Move my Tuesday appointment to Friday": what comes after "to" is where it is to go. */
function wishedTime(draft: Draft, heard: Understanding) {
  const parts = heard.text.split(/\b(?:to|until|till)\b/i);
  const tail = parts.length > 1 ? (parts.at(-1) ?? '') : '';
  return withTime(understand(draft.bundle, draft.state, tail, false, draft.nowMs).when);
}

/** Which of several appointments? */
export function answerWhich({ before, heard }: CallerTurn): Candidate | null {
  const { found } = before.change;
  const heardTime = chooseSlot(found, heard.when);
  // "The one on Monday" names no clock time.
  const choice = heardTime.kind === 'chosen' ? heardTime : chooseSlot(found, { ...heard.when, time: null });
  if (choice.kind !== 'chosen') return null;
  const appointment = found.find(({ startMs }) => startMs === choice.slot.startMs) ?? null;
  return answering('ask', 'appointment-named', 0.95, 'The caller says which appointment.', (draft) => {
    updateChange(draft, { appointment, told: true });
    proceed(draft, []);
  });
}

/** Will they be there? */
export function answerKeep(turn: CallerTurn): Candidate | null {
  const { before, heard } = turn;
  const changed = answerHow(turn);
  if (changed !== null) return changed;
  const score = polarityScore(heard);
  switch (heard.polarity.answer) {
    case 'none':
      return null;
    case 'yes':
      if (!before.focusHeard) return again(score);
      return answering('confirm-appointment', 'appointment-kept', score, 'The caller will be there.', (draft) => {
        updateChange(draft, { agreed: true });
        proceed(draft, []);
      });
    case 'no':
      return answering('ask', 'appointment-not-kept', score, 'The caller cannot come.', (draft) =>
        askAbout(draft, { kind: 'change-how' }, wording(draft.bundle, 'no-worries')),
      );
    default:
      return heard.polarity.answer satisfies never;
  }
}

const cancelWords = ['cancel', 'cancel it', 'cancel that', 'call it off', "don't need it"];
const moveWords = [
  'move',
  'reschedule',
  'another time',
  'another day',
  'other time',
  'other day',
  'different',
  'later',
  'earlier',
];

/** Move it or cancel it? */
export function answerHow({ heard }: CallerTurn): Candidate | null {
  const cancels = Math.max(intentIn(heard, 'cancel-appointment'), hasPhrase(heard.words, cancelWords) ? 0.93 : 0);
  if (cancels >= 0.5 && !hasPhrase(heard.words, ["don't cancel", 'not cancel'])) {
    return answering('ask', 'cancel-instead', cancels, 'The caller wants to cancel.', (draft) =>
      wantChange(draft, 'cancel', heard),
    );
  }
  const named = Object.keys(heard.when.preference).length > 0;
  const moves = Math.max(intentIn(heard, 'reschedule'), hasPhrase(heard.words, moveWords) || named ? 0.92 : 0);
  if (moves < 0.5) return null;
  return answering('find-slots', 'move-instead', moves, 'The caller wants another time.', (draft) => {
    wantChangeTo(draft, heard);
  });
}

/** Here the time that is named is where it is to go. */
function wantChangeTo(draft: Draft, heard: Understanding): void {
  updateChange(draft, { wish: 'move', agreed: false });
  const preference = withTime(heard.when);
  updateAppointment(draft, { offered: [], chosen: null, confirmed: false, preference });
  proceed(draft, wording(draft.bundle, 'no-worries'));
}

/** Shall it be cancelled? Only a yes to the whole question does it. */
export function answerCancel({ before, heard }: CallerTurn): Candidate | null {
  const score = polarityScore(heard);
  const yes = heard.polarity.answer === 'yes' || hasPhrase(heard.words, ['cancel it', 'please cancel', 'do cancel']);
  const keeps = hasPhrase(heard.words, ['keep it', "don't cancel", 'do not cancel', 'leave it', 'never mind']);
  if (heard.polarity.answer === 'no' || keeps) return keep(Math.max(score, 0.95));
  if (!yes) return null;
  if (!before.focusHeard) return again(Math.max(score, 0.9));
  return answering(
    'cancel-appointment',
    'cancel-agreed',
    Math.max(score, 0.95),
    'The caller agreed to cancel.',
    (draft) => {
      updateChange(draft, { agreed: true });
      proceed(draft, []);
    },
  );
}

/** Nothing is changed after all. */
export function keep(score: number): Candidate {
  return answering('say', 'appointment-stays', score, 'The caller keeps the appointment as it is.', keepAsItIs);
}

export function keepAsItIs(draft: Draft): void {
  const { appointment } = draft.state.change;
  updateChange(draft, { result: 'kept' });
  updateAppointment(draft, { offered: [], chosen: null, confirmed: false, preference: {} });
  const its =
    appointment === null ? [] : [...wording(draft.bundle, 'stays-as-it-is'), slotSentence(draft.bundle, appointment)];
  proceed(draft, its);
}

const again = (score: number): Candidate =>
  answering('read-back', 'read-back-again', score, 'The question was not heard to its end.', askAgain);
