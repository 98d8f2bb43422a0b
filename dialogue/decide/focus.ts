import { numberLength } from '../capture/number-plan.ts';
import { impossibleDigits, pieceLength } from './number-pieces.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { Expecting, Focus } from '../state.ts';
import { lookupOf } from '../understand/lookup.ts';

/** A focus's name, as in records and in `about`. */
export function focusName(focus: Focus): string {
  if (focus.kind === 'question') return focus.id;
  return focus.kind === 'offer-fact' ? `fact-${focus.id}` : focus.kind;
}

/** The step of the flow that a focus serves. */
export function stepOf(focus: Focus): string {
  switch (focus.kind) {
    case 'question':
      return focus.id;
    case 'want-appointment':
    case 'preference':
    case 'slot':
    case 'confirm-slot':
      return 'appointment';
    case 'number-piece':
    case 'confirm-piece':
      return 'contact';
    case 'none':
    case 'name':
    case 'contact':
    case 'confirm-phone':
    case 'confirm-email':
    case 'offer-call-back':
    case 'identify':
    case 'good-time':
    case 'which-appointment':
    case 'keep-appointment':
    case 'change-how':
    case 'confirm-cancel':
    case 'offer-fact':
    case 'anything-else':
      return focus.kind;
    default:
      return focus satisfies never;
  }
}

/** What kind of reply to listen for. */
export function expectingOf(bundle: Bundle, focus: Focus): Expecting {
  const question = focusName(focus);
  switch (focus.kind) {
    case 'none':
      return { kind: 'none' };
    case 'question': {
      const type = lookupOf(bundle).questions.get(focus.id)?.type;
      return { kind: type === 'timeline' ? 'choice' : 'open', question };
    }
    case 'name':
    case 'preference':
      return { kind: 'open', question };
    case 'contact':
      return { kind: 'dictation', question };
    case 'number-piece':
      return { kind: 'dictation', question, digits: pieceLength(focus), exceptDigits: impossibleDigits(focus) };
    case 'confirm-piece':
      return { kind: 'yes-no', question, digits: focus.piece.length };
    case 'slot':
    case 'which-appointment':
    case 'change-how':
      return { kind: 'choice', question };
    case 'confirm-phone':
      return { kind: 'yes-no', question, digits: numberLength };
    case 'confirm-email':
    case 'want-appointment':
    case 'confirm-slot':
    case 'offer-call-back':
    case 'identify':
    case 'good-time':
    case 'keep-appointment':
    case 'confirm-cancel':
    case 'offer-fact':
    case 'anything-else':
      return { kind: 'yes-no', question };
    default:
      return focus satisfies never;
  }
}
