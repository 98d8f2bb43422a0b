import { pieceLength } from './decide/ask-piece.ts';
import { digitsIn } from './capture/digits.ts';
import { toE164 } from './capture/phone.ts';
import { isEmail } from './capture/email.ts';
import { chooseSlot } from './capture/slot-choice.ts';
import type { Bundle } from './playbook/bundle.ts';
import type { State } from './state.ts';
import { exactKey } from './understand/classify.ts';
import { polarityOf } from './understand/polarity.ts';
import { understand, type Understanding } from './understand/understand.ts';
import { wordsOf } from './understand/words.ts';

/** Words after which more is coming. */
const trailing = new Set(
  "and or but um uh er erm so because the a an my your our to at in on of for with is are was am have had do does can could would will if that like about around maybe its i you we they not from i'm it's we're that's dot double triple hundred".split(
    ' ',
  ),
);
const trailingPairs = new Set([
  "i'd like",
  'i want',
  'i need',
  'name is',
  'like to',
  'looking for',
  'let me',
  'how much',
  'do you',
  'area code',
  'number is',
  'want to',
  'need to',
  'how about',
  'what about',
]);

/**
 * Whether what was said so far answers the open question, or is plainly unfinished. Called every 100 ms
 * while the caller talks, to end the turn early or to wait.
 */
export function completeness(
  bundle: Bundle,
  state: State,
  partialText: string,
  nowMs: number,
): 'complete' | 'incomplete' | 'unknown' {
  const words = wordsOf(partialText);
  const last = words.at(-1);
  if (last === undefined) return 'unknown';
  const { focus } = state;
  const heard = understand(bundle, state, partialText, false, nowMs);
  if (focus.kind === 'contact') return dictated(state, heard);
  const tail = words.slice(-2).join(' ');
  if (
    focus.kind === 'confirm-phone' &&
    heard.digits === '' &&
    heard.polarity.answer !== 'yes' &&
    (digitsIn(words) !== '' || words.includes('not'))
  ) {
    return words.includes('not') && !trailing.has(last) && last !== 'not' && words.length >= 4
      ? 'complete'
      : 'incomplete';
  }
  if (trailing.has(last) || trailingPairs.has(tail)) {
    // "it is", "i do" and "that" may end a yes or a no; examples end as they end.
    const whole = heard.polarity.answer !== 'none' && words.length >= 2 && state.expecting.kind === 'yes-no';
    const key = exactKey(partialText);
    const endsAnExample = bundle.classifier.exact[key] !== undefined && key.endsWith(last);
    return whole || endsAnExample ? 'unknown' : 'incomplete';
  }
  switch (focus.kind) {
    case 'number-piece':
      return digitsIn(words).length >= pieceLength(focus) ? 'complete' : 'incomplete';
    case 'confirm-piece':
    case 'confirm-phone':
    case 'confirm-email':
    case 'want-appointment':
    case 'offer-call-back':
    case 'offer-fact':
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
      break;
    }
    case 'name':
      if (heard.name !== null && heard.name.name.includes(' ') && heard.name.confidence >= 0.85) return 'complete';
      if (heard.name !== null && !heard.name.name.includes(' ')) return 'unknown';
      break;
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

/** A number is whole with its digits, an address with its ".com"; until then it waits. */
function dictated(state: State, heard: Understanding): 'complete' | 'incomplete' | 'unknown' {
  if (heard.phone !== null && toE164(heard.phone.slice(1), true) !== null) return 'complete';
  if (heard.email !== null && isEmail(heard.email))
    return /\.(?:com|net|org|edu|gov|io|co|us|biz|info)$/.test(heard.email) ? 'complete' : 'incomplete';
  if (heard.digits !== state.dictation.digits || heard.emailWords !== state.dictation.email) return 'incomplete';
  const last = heard.words.at(-1) ?? '';
  if (trailing.has(last) || trailingPairs.has(heard.words.slice(-2).join(' '))) return 'incomplete';
  const best = heard.guesses[0];
  return best !== undefined && best.confidence >= 0.9 && heard.words.length >= 2 ? 'complete' : 'unknown';
}

const backchannels = new Set([
  'uh huh',
  'mm hmm',
  'mhm',
  'mm',
  'mmm',
  'hm',
  'hmm',
  'okay',
  'ok',
  'right',
  'i see',
  'yeah',
  'yep',
  'sure',
  'all right',
  'alright',
  'got it',
  'ah',
  'oh',
  'aha',
  'great',
  'good',
  'okay okay',
  'yeah yeah',
  'yes',
  'uh',
  'um',
  'oh okay',
  'oh i see',
  'okay great',
  'cool',
  'huh',
]);

/** "uh huh" and its like over the agent's voice: listening, not a turn, unless it answers what is asked. */
export function isBackchannel(bundle: Bundle, state: State, text: string): boolean {
  const words = wordsOf(text);
  if (!backchannels.has(words.join(' '))) return false;
  const { focus, expecting, appointment } = state;
  // One offered time asks for a yes or a no as well.
  const yesOrNo = expecting.kind === 'yes-no' || (focus.kind === 'slot' && appointment.offered.length === 1);
  if (yesOrNo) return polarityOf(words).answer === 'none';
  return focus.kind !== 'question' || understand(bundle, state, text, false, 0).answers[focus.id] === undefined;
}
