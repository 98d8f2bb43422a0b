import { digitsIn } from '../capture/digits.ts';
import { toE164 } from '../capture/phone.ts';
import { isEmail } from '../capture/email.ts';
import { pieceLength } from '../decide/number-pieces.ts';
import { chooseSlot } from '../capture/slot-choice.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { exactKey } from '../understand/classify.ts';
import { understand, type Understanding } from '../understand/understand.ts';
import { soundsUnfinished } from './unfinished.ts';
import { endsLikeAnAddress, makesSense, topLevel } from './sense.ts';

/** Words after which more is coming, but for a yes or a no: "yes it is", "no I would not like that". */
const mayEndAnAnswer = new Set('is do am have does would will can could are was that it we'.split(' '));
const bareNo = new Set(['no', 'nope', 'nah']);
/**
 * - `complete`: answers the open question, or asks something whole.
 * - `unknown`: it means something; it can't be told whether that is all.
 * - `unclear`: it means nothing yet. Perhaps the rest will; if not, a moment was lost before "Sorry?".
 * - `incomplete`: plainly unfinished.
 */
export type Completeness = 'complete' | 'unknown' | 'unclear' | 'incomplete';

/** Whether what was said so far is all. Asked in each pause of the caller, to end the turn early or to wait. */
export function completeness(bundle: Bundle, state: State, textSoFar: string, nowMs: number): Completeness {
  const heard = understand(bundle, state, textSoFar, false, nowMs);
  const judged = judge(bundle, state, heard);
  return judged === 'unknown' && !makesSense(state, heard) ? 'unclear' : judged;
}

function judge(bundle: Bundle, state: State, heard: Understanding): Exclude<Completeness, 'unclear'> {
  const { words } = heard;
  const last = words.at(-1);
  if (last === undefined) return 'unknown';
  const { focus } = state;
  if (focus.kind === 'contact') return dictated(state, heard);
  if (focus.kind === 'number-piece') {
    const digits = digitsIn(words).length;
    if (digits > 0) return digits >= pieceLength(focus) ? 'complete' : 'incomplete';
  }
  if (
    focus.kind === 'confirm-phone' &&
    heard.digits === '' &&
    heard.polarity.answer !== 'yes' &&
    (digitsIn(words) !== '' || words.includes('not'))
  ) {
    return words.includes('not') && !soundsUnfinished(words) && words.length >= 4 ? 'complete' : 'incomplete';
  }
  if (soundsUnfinished(words)) {
    const yesOrNo = heard.polarity.answer !== 'none' && state.expecting.kind === 'yes-no';
    const whole = yesOrNo && words.length >= 2 && mayEndAnAnswer.has(last);
    return whole || endsAnExample(bundle, heard, last) ? 'unknown' : 'incomplete';
  }
  switch (focus.kind) {
    case 'confirm-phone':
    case 'confirm-email':
    case 'confirm-piece':
      // After a bare "no" comes what it should have been.
      if (words.every((word) => bareNo.has(word))) return 'incomplete';
      if (heard.polarity.answer !== 'none' && heard.polarity.confidence >= 0.85) return 'complete';
      break;
    case 'want-appointment':
    case 'offer-call-back':
    case 'offer-fact':
    case 'identify':
    case 'good-time':
    case 'keep-appointment':
    case 'confirm-cancel':
    case 'anything-else':
      if (heard.polarity.answer !== 'none' && heard.polarity.confidence >= 0.85) return 'complete';
      break;
    case 'slot':
    case 'confirm-slot': {
      if (focus.kind === 'confirm-slot' && heard.polarity.answer === 'yes') return 'complete';
      const choice = chooseSlot(state.appointment.offered, heard.when);
      if (choice.kind === 'chosen') return 'complete';
      break;
    }
    case 'question': {
      const answer = heard.answers[focus.id];
      // "two thousand" may go on with "five hundred"; a unit or an option ends it.
      if (answer !== undefined && answer.confidence >= 0.88) return 'complete';
      if (words.includes('between') && !words.includes('and')) return 'incomplete';
      break;
    }
    case 'name':
      if (heard.name !== null && heard.name.name.includes(' ') && heard.name.confidence >= 0.85) return 'complete';
      // Both names were asked for; when asked again one has to do.
      if (heard.name !== null && !heard.name.name.includes(' '))
        return (state.asked['name'] ?? 0) > 1 ? 'unknown' : 'incomplete';
      break;
    case 'which-appointment':
      if (chooseSlot(state.change.found, heard.when).kind === 'chosen') return 'complete';
      break;
    case 'number-piece':
    case 'change-how':
    case 'preference':
    case 'none':
      break;
    default:
      return focus satisfies never;
  }
  const best = heard.guesses[0];
  const clear = best !== undefined && best.label.kind !== 'answer' && best.confidence >= 0.9 && words.length >= 2;
  return clear ? 'complete' : 'unknown';
}

/** What a playbook's author wrote as a whole utterance ends as it ends. Those that mean nothing are fragments. */
function endsAnExample(bundle: Bundle, heard: Understanding, last: string): boolean {
  const key = exactKey(heard.text);
  const label = bundle.classifier.labels[bundle.classifier.exact[key] ?? -1];
  return label !== undefined && label.kind !== 'none' && key.endsWith(last);
}

/** A number is whole with its digits, an address with its ".com"; until then it waits. */
function dictated(state: State, heard: Understanding): Exclude<Completeness, 'unclear'> {
  if (heard.phone !== null && toE164(heard.phone.slice(1), true) !== null) return 'complete';
  if (heard.email !== null && isEmail(heard.email))
    return topLevel.test(heard.email) && endsLikeAnAddress(heard.words) ? 'complete' : 'incomplete';
  // Misheard, but over.
  if (endsLikeAnAddress(heard.words)) return 'unknown';
  if (heard.digits !== state.dictation.digits || heard.emailWords !== state.dictation.email) return 'incomplete';
  if (soundsUnfinished(heard.words)) return 'incomplete';
  const best = heard.guesses[0];
  return best !== undefined && best.confidence >= 0.9 && heard.words.length >= 2 ? 'complete' : 'unknown';
}
