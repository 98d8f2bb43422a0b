import type { Attendee } from '../../contract/scheduling.ts';
import { wording } from '../phrase/sentences.ts';
import type { Understanding } from '../understand/understand.ts';
import { hasPhrase } from '../understand/words.ts';
import { answering, polarityScore, type CallerTurn, type Candidate } from './candidate.ts';
import { ask, update, updateChange, updateLead, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { calledContact } from './flow.ts';
import { proceed } from './proceed.ts';

const speaking = [
  'speaking',
  'this is she',
  'this is he',
  'this is her speaking',
  'this is him speaking',
  "that's me",
  "it's me",
  'this is me',
];
/** "This is her" is the person, "this is her husband" is not. */
const itself = new Set(['this is her', 'this is him']);
const relatives = new Set(
  'husband wife partner son daughter mother father mom dad brother sister friend boyfriend girlfriend roommate assistant'.split(
    ' ',
  ),
);
const others = new Set(['she', 'he', 'her', 'him', 'they', 'them']);
const wrongNumber = [
  'wrong number',
  'wrong person',
  'by that name',
  'with that name',
  'of that name',
  'never heard of',
  "don't know any",
  "don't know her",
  "don't know him",
];
const absent = [
  'not here',
  "isn't here",
  'not in',
  "isn't in",
  'not home',
  "isn't home",
  'not at home',
  'not available',
  "isn't available",
  "can't come to the phone",
  'at work',
  'is out',
  "she's out",
  "he's out",
];

/** Who has answered our call? Until that is clear nothing is told but who is calling. */
export function answerIdentify({ before, heard }: CallerTurn): Candidate | null {
  const contact = calledContact(before);
  if (contact === null) return null;
  if (hasPhrase(heard.words, wrongNumber)) return wrongPerson(0.97, 'wrong-person', 'It is a wrong number.');
  if (hasPhrase(heard.words, absent)) return wrongPerson(0.96, 'not-reached', 'The person is not there.');
  if (isRelative(heard.words)) return wrongPerson(0.96, 'not-reached', 'Somebody of theirs has answered.');
  const named = namedAs(heard, contact.name);
  if (named === 'other') return wrongPerson(0.9, 'not-reached', 'Somebody else has answered.');
  const { answer } = heard.polarity;
  const isPerson =
    named === 'contact' || hasPhrase(heard.words, speaking) || itself.has(heard.words.slice(-3).join(' '));
  if (answer === 'no' && !isPerson)
    return wrongPerson(polarityScore(heard), 'not-reached', 'It is not the person we called.');
  // A "yes?" into the greeting answers the telephone, and "yes, what do you want of her?" is not her either.
  const ofAnother = heard.words.some((word) => others.has(word));
  if (!isPerson && (answer !== 'yes' || !before.focusHeard || ofAnother)) return null;
  return answering('ask', 'right-person', Math.max(0.95, polarityScore(heard)), 'The person we called.', (draft) =>
    reached(draft, contact),
  );
}

/** "This is her husband", "I'm his wife". */
const isRelative = (words: readonly string[]): boolean =>
  words.some(
    (word, at) =>
      relatives.has(word) &&
      ['her', 'his', 'their'].includes(words[at - 1] ?? '') &&
      ["i'm", 'am', 'is', "it's"].includes(words[at - 2] ?? ''),
  );

function namedAs(heard: Understanding, contact: string): 'contact' | 'other' | 'none' {
  if (heard.name === null) return 'none';
  const first = (name: string): string => name.trim().toLowerCase().split(/\s+/)[0] ?? '';
  return first(heard.name.name) === first(contact) ? 'contact' : 'other';
}

function wrongPerson(score: number, outcome: 'wrong-person' | 'not-reached', why: string): Candidate {
  return {
    act: 'goodbye',
    rule: outcome,
    score,
    why,
    run: (draft) => {
      // The name that was said is of no lead of ours.
      const { name: _, ...lead } = draft.state.lead;
      update(draft, { lead });
      finish(draft, ['wrong-person'], outcome);
    },
  };
}

/** What is known of a person we called is known of the lead. */
function reached(draft: Draft, contact: Attendee): void {
  const { phone, email } = contact;
  update(draft, {
    outbound: { ...draft.state.outbound, rightPerson: true },
    phoneConfirmed: phone !== undefined,
    emailConfirmed: email !== undefined,
  });
  updateLead(draft, {
    name: contact.name,
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
  });
  const { purpose } = draft.state;
  if (purpose.kind === 'confirm-appointment') {
    const { wish } = draft.state.change;
    updateChange(draft, { wish: wish === 'none' ? 'check' : wish, appointment: purpose.appointment });
  }
  proceed(draft);
}

/** May we go on? */
export function answerGoodTime({ before, heard }: CallerTurn): Candidate | null {
  const { answer } = heard.polarity;
  if (answer === 'none' || (answer === 'yes' && !before.focusHeard)) return null;
  const goodTime = answer;
  return answering('ask', `good-time-${answer}`, polarityScore(heard), `Is it a good time: ${answer}.`, (draft) => {
    update(draft, { outbound: { ...draft.state.outbound, goodTime } });
    if (goodTime === 'yes') return proceed(draft);
    update(draft, { noSelling: true });
    const reason = 'We called at a bad time';
    ask(draft, { kind: 'offer-call-back', reason }, wording(draft.bundle, 'no-worries', 'another-time'));
  });
}
