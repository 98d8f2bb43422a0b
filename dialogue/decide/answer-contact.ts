import { correctDigits, correctionIn } from '../capture/correction.ts';
import { correctEmail } from '../capture/email.ts';
import { toE164 } from '../capture/phone.ts';
import { wording } from '../phrase/sentences.ts';
import type { Focus } from '../state.ts';
import type { Understanding } from '../understand/understand.ts';
import { answering, intentIn, polarityScore, proceedGladly, type CallerTurn, type Candidate } from './candidate.ts';
import { giveUp } from './change.ts';
import { isChanging } from './flow.ts';
import { ask, skip, update, updateLead, type Draft } from './draft.ts';
import { askAbout, readBack } from './ask-about.ts';
import { miss, proceed } from './proceed.ts';

/** A phone number or e-mail address is being dictated. */
export function answerContact(
  { before, heard, taken }: CallerTurn,
  focus: Extract<Focus, { kind: 'contact' }>,
): Candidate | null {
  if (taken.includes('phone') || taken.includes('email')) {
    return answering('read-back', 'read-back-contact', 0.97, 'A whole number or address was said.', (draft) =>
      proceed(draft),
    );
  }
  const { searched } = before.change;
  const said = heard.phone ?? heard.email;
  if (isChanging(before) && said !== null && searched.includes(said)) {
    return answering('ask', 'searched-already', 0.95, 'Nothing was found under that before.', (draft) =>
      giveUp(draft, wording(draft.bundle, 'no-worries')),
    );
  }
  const repaired = focus.repair === undefined ? null : repairPhone(focus.repair, heard.words);
  if (repaired !== null) {
    return answering('read-back', 'corrected-number', 0.96, 'The caller corrected part of the number.', (draft) => {
      updateLead(draft, { phone: repaired });
      update(draft, { dictation: { digits: '', email: '' } });
      readBack(draft, { kind: 'confirm-phone', phone: repaired }, wording(draft.bundle, 'changed-it'));
    });
  }
  if (heard.digits !== '' && heard.digits !== before.dictation.digits) {
    return answering('ask', 'more-digits', 0.93, `${heard.digits.length} digits so far.`, (draft) =>
      ask(draft, focus, wording(draft.bundle, 'more-digits')),
    );
  }
  const other = contactByOtherMeans(heard);
  if (other !== null) return other;
  if (heard.emailWords !== '' && heard.emailWords !== before.dictation.email) {
    return answering('ask', 'more-email', 0.9, 'Part of an e-mail address so far.', (draft) =>
      ask(draft, { kind: 'contact', by: 'email' }, wording(draft.bundle, 'more-email')),
    );
  }
  return refusedContact(heard);
}

/** "I'd rather give you my e-mail." */
export function contactByOtherMeans(heard: Understanding): Candidate | null {
  const email = intentIn(heard, 'by-email');
  const phone = intentIn(heard, 'by-phone');
  if (Math.max(email, phone) < 0.5) return null;
  const by = email >= phone ? 'email' : 'phone';
  return answering('ask', `contact-by-${by}`, Math.max(email, phone) * 0.95, `The caller prefers ${by}.`, (draft) =>
    askAbout(draft, { kind: 'contact', by }, []),
  );
}

export function refusedContact(heard: Understanding): Candidate | null {
  const refuses = Math.max(
    intentIn(heard, 'refuse'),
    heard.polarity.answer === 'no' && heard.words.length <= 3 ? heard.polarity.confidence : 0,
  );
  if (refuses < 0.5) return null;
  return answering('ask', 'refused-contact', refuses * 0.95, 'The caller would rather not be reached.', (draft) => {
    skip(draft, 'contact');
    proceed(draft, wording(draft.bundle, 'no-worries'));
  });
}

/** The number with the caller's correction in it; null when there is none, or it is not clear where. */
function repairPhone(phone: string, words: readonly string[]): string | null {
  const national = phone.startsWith('+1');
  const corrected = correctDigits(phone.slice(national ? 2 : 1), words);
  const repaired = corrected === null ? null : toE164(corrected, !national);
  return repaired === phone ? null : repaired;
}

/** A number was read back: is it right? */
export function confirmPhone(
  { before, heard, taken }: CallerTurn,
  focus: Extract<Focus, { kind: 'confirm-phone' }>,
): Candidate | null {
  if (taken.includes('phone')) {
    return answering('read-back', 'new-number', 0.97, 'The caller said another number.', (draft) =>
      proceed(draft, wording(draft.bundle, 'changed-it')),
    );
  }
  if (heard.polarity.answer !== 'yes') {
    const phone = repairPhone(focus.phone, heard.words);
    if (phone !== null) {
      return answering('read-back', 'corrected-number', 0.96, 'The caller corrected part of the number.', (draft) => {
        updateLead(draft, { phone });
        readBack(draft, { kind: 'confirm-phone', phone }, wording(draft.bundle, 'changed-it'));
      });
    }
  }
  return agreed({ before, heard, taken }, focus, {
    yes: (draft) => {
      updateLead(draft, { phone: focus.phone });
      update(draft, { phoneConfirmed: true });
    },
    no: (draft) => {
      const { phone: _, ...lead } = draft.state.lead;
      update(draft, { lead, phoneConfirmed: false });
    },
    by: 'phone',
  });
}

/** An address was read back: is it right? */
export function confirmEmail(
  { before, heard, taken }: CallerTurn,
  focus: Extract<Focus, { kind: 'confirm-email' }>,
): Candidate | null {
  if (taken.includes('email')) {
    return answering('read-back', 'new-address', 0.97, 'The caller said another address.', (draft) =>
      proceed(draft, wording(draft.bundle, 'changed-it')),
    );
  }
  const correction = heard.polarity.answer === 'yes' ? null : correctionIn(heard.words);
  const email = correction === null ? null : correctEmail(focus.email, correction);
  if (email !== null) {
    return answering('read-back', 'corrected-address', 0.96, 'The caller corrected part of the address.', (draft) => {
      updateLead(draft, { email });
      readBack(draft, { kind: 'confirm-email', email }, wording(draft.bundle, 'changed-it'));
    });
  }
  return agreed({ before, heard, taken }, focus, {
    yes: (draft) => update(draft, { emailConfirmed: true }),
    no: (draft) => {
      const { email: _, ...lead } = draft.state.lead;
      update(draft, { lead, emailConfirmed: false });
    },
    by: 'email',
  });
}

/** Yes or no to a read-back. A yes to what the caller talked over is not a yes: it is read again. */
function agreed(
  { before, heard }: CallerTurn,
  focus: Extract<Focus, { kind: 'confirm-phone' | 'confirm-email' }>,
  then: { yes(draft: Draft): void; no(draft: Draft): void; by: 'phone' | 'email' },
): Candidate | null {
  const score = polarityScore(heard);
  switch (heard.polarity.answer) {
    case 'none':
      return null;
    case 'yes':
      if (!before.focusHeard)
        return answering('read-back', 'read-back-again', score, 'The read-back was not heard to its end.', (draft) =>
          readBack(draft, focus, []),
        );
      return answering('ask', `${then.by}-confirmed`, score, 'The caller agreed to the read-back.', (draft) => {
        then.yes(draft);
        proceedGladly(draft);
      });
    case 'no':
      return answering('ask', `${then.by}-denied`, score, 'The caller says it is wrong.', (draft) => {
        const shownByCarrier = draft.state.lead[then.by] === undefined;
        then.no(draft);
        const again: Focus = {
          kind: 'contact',
          by: then.by,
          ...(focus.kind === 'confirm-phone' ? { repair: focus.phone } : {}),
        };
        update(draft, { dictation: { digits: '', email: '' }, focus: again });
        if (!shownByCarrier) miss(draft);
        if (draft.state.skipped.includes('contact')) proceed(draft, wording(draft.bundle, 'no-worries'));
        else askAbout(draft, again, wording(draft.bundle, shownByCarrier ? 'no-worries' : 'sorry'));
      });
    default:
      return heard.polarity.answer satisfies never;
  }
}
