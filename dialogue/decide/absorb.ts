import type { Lead } from '../../contract/lead.ts';
import type { Understanding } from '../understand/understand.ts';
import { update, updateAppointment, updateLead, type Draft } from './draft.ts';
import { isChanging, takesAppointments } from './flow.ts';

/** Takes over everything an utterance holds, asked for or volunteered. Returns the names of what was new. */
export function absorb(draft: Draft, heard: Understanding): string[] {
  const { state, bundle } = draft;
  const { lead, focus } = state;
  const taken: string[] = [];
  const answers: Record<string, Lead['answers'][string]> = { ...lead.answers };
  for (const [id, answer] of Object.entries(heard.answers)) {
    const asked = focus.kind === 'question' && focus.id === id;
    const before = answers[id];
    // A correction needs to be surer than a first answer: "not now" must not undo one.
    if (before !== undefined && !asked && (answer.confidence < 0.9 || before.value === answer.value)) continue;
    answers[id] = answer;
    taken.push(id);
  }
  const name = heard.name;
  const takesName =
    name !== null && (lead.name === undefined || focus.kind === 'name' || (heard.correction && name.confidence >= 0.9));
  if (takesName && name.name !== lead.name) taken.push('name');
  updateLead(draft, { answers, ...(takesName ? { name: name.name } : {}) });

  if (heard.phone !== null && heard.phone !== lead.phone) {
    updateLead(draft, { phone: heard.phone });
    update(draft, {
      phoneConfirmed: false,
      skipped: draft.state.skipped.filter((step) => step !== 'confirm-phone' && step !== 'contact'),
    });
    taken.push('phone');
  }
  if (heard.email !== null && heard.email !== lead.email) {
    updateLead(draft, { email: heard.email });
    update(draft, {
      emailConfirmed: false,
      skipped: draft.state.skipped.filter((step) => step !== 'confirm-email' && step !== 'contact'),
    });
    taken.push('email');
  }
  const wholeNumber = heard.phone !== null || heard.email !== null;
  update(draft, {
    dictation: wholeNumber ? { digits: '', email: '' } : { digits: heard.digits, email: heard.emailWords },
  });

  const wants = heard.guesses.some(
    ({ label, confidence }) => label.kind === 'intent' && label.id === 'book' && confidence >= 0.6,
  );
  if (
    wants &&
    (state.appointment.wish === 'unknown' || state.appointment.wish === 'declined') &&
    !isChanging(state) &&
    takesAppointments(bundle, state)
  ) {
    updateAppointment(draft, { wish: 'wanted' });
    update(draft, { noSelling: false });
    taken.push('appointment');
  }
  return taken;
}

/** An objection is resolved when the caller goes along with what was asked. */
export function resolveObjections(draft: Draft): void {
  const { objections } = draft.state.lead;
  if (!objections.some((objection) => objection.outcome === 'open')) return;
  updateLead(draft, {
    objections: objections.map((objection) =>
      objection.outcome === 'open' ? { ...objection, outcome: 'resolved' as const } : objection,
    ),
  });
}
