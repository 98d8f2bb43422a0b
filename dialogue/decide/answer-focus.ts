import { wording } from '../phrase/sentences.ts';
import { nextAction } from '../playbook/knowledge.ts';
import { answerFacts } from './answer-facts.ts';
import { answerCancel, answerHow, answerKeep, answerWhich } from './answer-change.ts';
import { answerGoodTime, answerIdentify } from './answer-outbound.ts';
import { answerContact, confirmEmail, confirmPhone } from './answer-contact.ts';
import { answerPiece, confirmPiece } from './answer-piece.ts';
import { answerOffer, answerPreference, answerWish, confirmSlot } from './answer-slot.ts';
import { answering, intentIn, polarityScore, proceedGladly, type CallerTurn, type Candidate } from './candidate.ts';
import { ask, skip, updateLead, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { proceed } from './proceed.ts';
import { wantCallBack } from './want-call-back.ts';

/** What to do when the utterance answers the open question; null when it doesn't. */
export function answerFocus(draft: Draft, turn: CallerTurn): Candidate | null {
  const { focus } = turn.before;
  switch (focus.kind) {
    case 'question':
      return answerQuestion(draft, turn, focus.id);
    case 'name':
      return answerName(turn);
    case 'contact':
      return answerContact(turn, focus);
    case 'confirm-phone':
      return confirmPhone(turn, focus);
    case 'number-piece':
      return answerPiece(turn, focus);
    case 'confirm-piece':
      return confirmPiece(turn, focus);
    case 'confirm-email':
      return confirmEmail(turn, focus);
    case 'want-appointment':
      return answerWish(turn);
    case 'slot':
      return answerOffer(turn);
    case 'confirm-slot':
      return confirmSlot(turn, focus);
    case 'preference':
      return answerPreference(turn);
    case 'offer-call-back':
      return answerCallBack(turn, focus.reason);
    case 'offer-fact':
      return answerOfferedFact(turn, focus.id);
    case 'identify':
      return answerIdentify(turn);
    case 'good-time':
      return answerGoodTime(turn);
    case 'which-appointment':
      return answerWhich(turn);
    case 'keep-appointment':
      return answerKeep(turn);
    case 'change-how':
      return answerHow(turn);
    case 'confirm-cancel':
      return answerCancel(turn);
    case 'anything-else':
      return answerAnythingElse(turn);
    case 'none':
      return null;
    default:
      return focus satisfies never;
  }
}

function answerQuestion({ bundle }: Draft, { heard, taken }: CallerTurn, id: string): Candidate | null {
  if (taken.includes(id)) {
    const confidence = heard.answers[id]?.confidence ?? 0.9;
    return answering('ask', `answer-${id}`, 0.75 + 0.2 * confidence, `The caller answered "${id}".`, (draft) => {
      if (taken.includes('appointment')) proceed(draft, wording(draft.bundle, 'happy-to-book'));
      else proceedGladly(draft);
    });
  }
  const type = bundle.questions.find((question) => question.id === id)?.type;
  const refuses = intentIn(heard, 'refuse');
  const unsure = Math.max(
    intentIn(heard, 'dont-know'),
    type === 'money' && heard.polarity.answer === 'no' ? heard.polarity.confidence : 0,
  );
  const confidence = Math.max(refuses, unsure);
  if (confidence < 0.5) return null;
  return answering('ask', `unknown-${id}`, confidence * 0.95, `The caller can't or won't say "${id}".`, (draft) => {
    const display = refuses > unsure ? 'Did not want to say' : 'Not sure';
    updateLead(draft, {
      answers: { ...draft.state.lead.answers, [id]: { value: 'unknown', display, confidence, confirmed: false } },
    });
    proceed(draft, wording(draft.bundle, 'no-worries'));
  });
}

function answerName({ heard }: CallerTurn): Candidate | null {
  if (heard.name !== null)
    return answering(
      'ask',
      'answer-name',
      0.75 + 0.2 * heard.name.confidence,
      'The caller said a name.',
      proceedGladly,
    );
  const refuses = Math.max(
    intentIn(heard, 'refuse'),
    heard.polarity.answer === 'no' && heard.words.length <= 3 ? heard.polarity.confidence : 0,
  );
  if (refuses < 0.5) return null;
  return answering('ask', 'refused-name', refuses * 0.95, 'The caller would rather not say their name.', (draft) => {
    skip(draft, 'name');
    proceed(draft, wording(draft.bundle, 'no-worries'));
  });
}

function answerCallBack(
  { before, heard }: CallerTurn,
  reason = 'The caller asked to be called back',
): Candidate | null {
  const score = polarityScore(heard);
  if (heard.polarity.answer === 'none' || (!before.focusHeard && heard.polarity.answer === 'yes')) return null;
  if (heard.polarity.answer === 'no') {
    return answering('ask', 'call-back-declined', score, 'The caller does not want a call back.', (draft) =>
      proceed(draft, wording(draft.bundle, 'no-worries')),
    );
  }
  return answering('ask', 'call-back-wanted', score, 'The caller wants a person to call.', (draft) => {
    wantCallBack(draft, reason);
    proceed(draft, wording(draft.bundle, 'call-back-intro'));
  });
}

function answerOfferedFact({ heard }: CallerTurn, id: string): Candidate | null {
  const score = polarityScore(heard);
  if (heard.polarity.answer === 'none') return null;
  if (heard.polarity.answer === 'no') {
    return answering('ask', 'fact-declined', score, `The caller does not want to hear of "${id}".`, (draft) =>
      ask(draft, { kind: 'anything-else' }, wording(draft.bundle, 'no-worries', 'anything-else')),
    );
  }
  return answering('answer', `fact-${id}`, score, `The caller wants to hear of "${id}".`, (draft) =>
    answerFacts(draft, [id], nextAction(draft.bundle, 'fact', id)),
  );
}

function answerAnythingElse({ heard }: CallerTurn): Candidate | null {
  const score = polarityScore(heard);
  switch (heard.polarity.answer) {
    case 'none':
      return null;
    case 'yes':
      return answering('ask', 'more-to-ask', score * 0.8, 'The caller has another question.', (draft) =>
        ask(draft, { kind: 'anything-else' }, wording(draft.bundle, 'what-else')),
      );
    case 'no':
      return answering('goodbye', 'nothing-else', score, 'The caller needs nothing else.', (draft) => finish(draft));
    default:
      return heard.polarity.answer satisfies never;
  }
}
