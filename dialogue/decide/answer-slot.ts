import { chooseSlot, withTime } from '../capture/slot-choice.ts';
import type { Slot, SlotPreference } from '../../contract/scheduling.ts';
import { acknowledgement, wording } from '../phrase/sentences.ts';
import type { Focus, State } from '../state.ts';
import type { When } from '../capture/when.ts';
import { answering, polarityScore, type CallerTurn, type Candidate } from './candidate.ts';
import { skip, update, updateAppointment, type Draft } from './draft.ts';
import { askAbout, findSlots, offer } from './ask-about.ts';
import { keep } from './answer-change.ts';
import { isMoving } from './flow.ts';
import { askAgain, proceed } from './proceed.ts';

/** Who says yes again, over the same question, knows what is asked. */
const insists = ({ focus, missed }: State): boolean => (missed[`${focus.kind}-unheard`] ?? 0) > 0;

function noteUnheard(draft: Draft, { kind }: Focus): void {
  update(draft, { missed: { ...draft.state.missed, [`${kind}-unheard`]: 1 } });
}

/** Does the caller want a visit at all? */
export function answerWish({ before, heard }: CallerTurn): Candidate | null {
  const { answer } = heard.polarity;
  const score = polarityScore(heard);
  const named = saysWhen(heard.when);
  if (answer === 'no' && !named) {
    return answering('ask', 'appointment-declined', score, 'The caller does not want a visit now.', (draft) => {
      updateAppointment(draft, { wish: 'declined' });
      proceed(draft, wording(draft.bundle, 'no-worries'));
    });
  }
  if (answer === 'none' && !named) return null;
  if (!before.focusHeard && !named && !insists(before))
    return answering('ask', 'ask-again', score, 'The question was not heard to its end.', (draft) => {
      noteUnheard(draft, before.focus);
      askAgain(draft);
    });
  return answering('find-slots', 'appointment-wanted', Math.max(score, 0.9), 'The caller wants a visit.', (draft) => {
    updateAppointment(draft, { wish: 'wanted', preference: withTime(heard.when) });
    proceed(draft, acknowledgement(draft.bundle, draft.turn));
  });
}

/** Times were offered. */
export function answerOffer({ before, heard }: CallerTurn): Candidate | null {
  const { offered } = before.appointment;
  const { answer } = heard.polarity;
  const only = offered.length === 1 ? offered[0] : undefined;
  return (
    byTime(heard.when, before.appointment.offered, before.appointment.preference) ??
    (answer === 'yes' && only !== undefined && before.focusHeard
      ? answering('read-back', 'slot-agreed', polarityScore(heard), 'The caller takes the only time.', (draft) =>
          choose(draft, only),
        )
      : null) ??
    (answer === 'no' || heard.words.includes('none') || heard.words.includes('neither') || heard.words.includes('else')
      ? answering('ask', 'no-slot-fits', 0.88, 'None of the times suits the caller.', (draft) => {
          updateAppointment(draft, { offered: [] });
          askAbout(draft, { kind: 'preference' }, []);
        })
      : null) ??
    (answer === 'yes'
      ? answering('ask', 'which-slot', polarityScore(heard) * 0.8, 'A yes does not say which time.', (draft) =>
          askAbout(draft, { kind: 'slot' }, acknowledgement(draft.bundle, draft.turn)),
        )
      : null)
  );
}

/** One time was repeated: shall it be booked? */
export function confirmSlot(
  { before, heard }: CallerTurn,
  focus: Extract<Focus, { kind: 'confirm-slot' }>,
): Candidate | null {
  const { answer } = heard.polarity;
  const score = polarityScore(heard);
  if (answer === 'yes') {
    if (!before.focusHeard && !insists(before))
      return answering('read-back', 'read-back-again', score, 'The time was not heard to its end.', (draft) => {
        noteUnheard(draft, focus);
        askAbout(draft, focus, []);
      });
    const act = isMoving(before) ? 'move-appointment' : 'book';
    return answering(act, 'slot-confirmed', score, 'The caller agreed to the time.', (draft) => {
      updateAppointment(draft, { confirmed: true });
      proceed(draft, []);
    });
  }
  const others = before.appointment.offered.filter((slot) => slot.startMs !== focus.slot.startMs);
  const changed = byTime(heard.when, others, before.appointment.preference);
  if (changed !== null) return changed;
  if (answer === 'none') return null;
  return answering('ask', 'slot-denied', score, 'The caller does not want that time.', (draft) => {
    updateAppointment(draft, { chosen: null, offered: others });
    if (others.length > 0) offer(draft, wording(draft.bundle, 'no-worries'));
    else askAbout(draft, { kind: 'preference' }, []);
  });
}

/** Which day would be better? */
export function answerPreference({ before, heard }: CallerTurn): Candidate | null {
  if (saysWhen(heard.when) || heard.when.any) {
    return answering('find-slots', 'look-for-preference', 0.93, 'The caller named a better time.', (draft) =>
      look(draft, withTime(heard.when)),
    );
  }
  if (heard.polarity.answer !== 'no') return null;
  if (isMoving(before)) return keep(polarityScore(heard));
  return answering('ask', 'no-time-at-all', polarityScore(heard), 'No time suits the caller.', (draft) => {
    updateAppointment(draft, { wish: 'declined' });
    skip(draft, 'appointment');
    proceed(draft, wording(draft.bundle, 'no-worries'));
  });
}

/** A time that was named: one of the offered, or a reason to look again. */
function byTime(when: When, offered: readonly Slot[], preference: SlotPreference): Candidate | null {
  const choice = chooseSlot(offered, when);
  switch (choice.kind) {
    case 'chosen':
      return answering('read-back', 'slot-chosen', 0.95, 'The caller chose an offered time.', (draft) =>
        choose(draft, choice.slot),
      );
    case 'several':
      return answering('offer-slots', 'slots-narrowed', 0.93, 'More than one offered time fits.', (draft) => {
        updateAppointment(draft, { offered: choice.slots, chosen: null });
        offer(draft, acknowledgement(draft.bundle, draft.turn));
      });
    case 'other': {
      // Days that were ruled out stay ruled out.
      const notDays = [...new Set([...(preference.notDays ?? []), ...(choice.preference.notDays ?? [])])];
      const wanted =
        choice.preference.days === undefined && notDays.length > 0
          ? { ...choice.preference, notDays }
          : choice.preference;
      return answering('find-slots', 'look-for-other-times', 0.94, 'The caller named another time.', (draft) =>
        look(draft, wanted),
      );
    }
    case 'nothing-said':
      return null;
    default:
      return choice satisfies never;
  }
}

function choose(draft: Draft, slot: Slot): void {
  updateAppointment(draft, { chosen: slot, confirmed: false });
  askAbout(draft, { kind: 'confirm-slot', slot }, []);
}

function look(draft: Draft, preference: SlotPreference): void {
  const wish = isMoving(draft.state) ? draft.state.appointment.wish : 'wanted';
  updateAppointment(draft, { wish, preference, offered: [], chosen: null, confirmed: false });
  findSlots(draft, []);
}

function saysWhen(when: When): boolean {
  return Object.keys(when.preference).length > 0 || when.time !== null;
}
