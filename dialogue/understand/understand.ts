import { DateTime } from 'luxon';
import type { LeadAnswer } from '../../contract/lead.ts';
import { emailIn } from '../capture/email.ts';
import { nameIn, type PersonName } from '../capture/person-name.ts';
import { phoneIn } from '../capture/phone.ts';
import { soundsLikeCorrection } from '../capture/correction.ts';
import { whenIn, type When } from '../capture/when.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { answerIn } from './answers.ts';
import { classify, type Guess } from './classify.ts';
import { polarityOf, type Polarity } from './polarity.ts';
import { inContext } from './context.ts';
import { meansThisNumber, namedOption } from './refer.ts';
import { isQuestion, segmentsOf } from './segments.ts';
import { sentimentOf } from './sentiment.ts';
import { wordsOf } from './words.ts';

/** What one utterance says, in the light of what was asked. */
export interface Understanding {
  readonly text: string;
  readonly words: readonly string[];
  readonly guesses: readonly Guess[];
  readonly polarity: Polarity;
  readonly answers: Readonly<Record<string, LeadAnswer>>;
  readonly name: PersonName | null;
  readonly phone: string | null;
  readonly email: string | null;
  /** Dictated so far, when it is not whole yet. */
  readonly digits: string;
  readonly emailWords: string;
  readonly when: When;
  readonly correction: boolean;
  readonly question: boolean;
  /** The words, or the whole question where they only make sense after the one before. */
  readonly asked: string;
  readonly sentiment: 'negative' | 'neutral' | 'positive';
}

export function understand(bundle: Bundle, state: State, text: string, typed: boolean, nowMs: number): Understanding {
  const words = wordsOf(text);
  const { focus } = state;
  const now = localTime(nowMs, bundle.scheduling.timeZone);
  const { guesses: meant, question: asked } = inContext(bundle, state, text, guessesOf(bundle, text));
  const contact = focus.kind === 'contact';
  const dictated = contact ? state.dictation : { digits: '', email: '' };
  const confirming = focus.kind === 'confirm-phone' || focus.kind === 'confirm-email';
  const email = emailIn(
    text,
    words,
    contact && (focus.by === 'email' || words.includes('at') || dictated.email !== ''),
    dictated.email,
  );
  const asksPhone = contact && email.email === null && email.words === '';
  const phone = phoneIn(text, words, asksPhone || focus.kind === 'confirm-phone', asksPhone ? dictated.digits : '');
  // Digits of a phone number are no sizes or sums.
  const piece = phone.digits !== dictated.digits || email.words !== dictated.email || email.email !== null;
  const pieces = focus.kind === 'number-piece' || focus.kind === 'confirm-piece';
  const dictating = pieces || phone.phone !== null || confirming || (contact && piece);
  const correction = soundsLikeCorrection(words);
  const shown = state.callerNumber !== undefined && phone.phone === null && meansThisNumber(words);
  const agreesToShown = shown && focus.kind === 'confirm-phone' && focus.phone === state.callerNumber;
  const when = whenIn(words, now, text);
  const answers = dictating ? {} : answersIn(bundle, state, words, meant, { correction, now, text, when });
  const answered = focus.kind === 'question' && (answers[focus.id]?.confidence ?? 0) >= plainAnswer;
  const guesses = answered ? meant.filter((guess) => !isDoubtfulAlarm(guess)) : meant;
  return {
    text,
    words,
    guesses,
    polarity: agreesToShown ? { answer: 'yes', confidence: 0.95 } : polarityOf(words),
    answers,
    name: nameOf(text, focus.kind === 'name', typed, guesses),
    phone: shown && !agreesToShown ? (state.callerNumber ?? null) : phone.phone,
    email: email.email,
    digits: asksPhone ? phone.digits : '',
    emailWords: email.words,
    when,
    correction,
    question: asked !== words.join(' ') || segmentsOf(text).some(isQuestion),
    asked,
    sentiment: sentimentOf(words),
  };
}

/** As sure as words that name a unit or an option. */
const plainAnswer = 0.9;
const sureAlarm = 0.85;

/** "There are eight of us" to "how many people?": a plain answer is no alarm, but a sure one. */
const isDoubtfulAlarm = ({ label, confidence }: Guess): boolean =>
  label.kind === 'high-stakes' && confidence < sureAlarm;

/** The answers an utterance holds: to the open question first, then to others. */
function answersIn(
  bundle: Bundle,
  state: State,
  words: readonly string[],
  guesses: readonly Guess[],
  { correction, now, text, when }: { correction: boolean; now: DateTime; text: string; when: When },
): Record<string, LeadAnswer> {
  const { focus, lead } = state;
  const answers: Record<string, LeadAnswer> = {};
  const open = bundle.questions.find(({ id }) => focus.kind === 'question' && focus.id === id);
  const pointed = open === undefined || when.ordinal === null ? null : namedOption(bundle, state, open, when.ordinal);
  const option = open?.options.find(({ id }) => id === pointed);
  const answer =
    open === undefined
      ? null
      : option === undefined
        ? answerIn(bundle, open, words, guesses, true, now)
        : { value: option.id, display: option.label, confidence: 0.93, confirmed: false };
  if (open !== undefined && answer !== null) answers[open.id] = answer;
  // One thought that answers what was asked is not also guessed to answer something else.
  const others = answer !== null && segmentsOf(text).length === 1 ? [] : guesses;
  for (const question of bundle.questions) {
    if (question === open || (lead.answers[question.id] !== undefined && !correction)) continue;
    const volunteered = answerIn(bundle, question, words, others, false, now);
    if (volunteered !== null) answers[question.id] = volunteered;
  }
  return answers;
}

/** From this confidence on, words that mean something are no name, unless a known one is among them. */
const meantFloor = 0.7;

/** A comma ends a name: "I'm Ada Lovelace, ada@example.com". */
function nameOf(text: string, asked: boolean, typed: boolean, guesses: readonly Guess[]): PersonName | null {
  const meant = guesses.some(({ label, confidence }) => label.kind !== 'answer' && confidence >= meantFloor);
  for (const clause of text.split(/[,;!?]\s|[.](?:\s|$)|\n/)) {
    const name = clause.includes('@') ? null : nameIn(wordsOf(clause), asked, typed);
    if (name !== null && !(meant && name.confidence < 0.85)) return name;
  }
  return null;
}

/** A thought that surely answers one question hardly answers another as well; where it does, its words say so. */
function oneAnswer(guesses: readonly Guess[]): readonly Guess[] {
  const first = guesses.find(({ label }) => label.kind === 'answer');
  return guesses.map((guess) =>
    guess.label.kind === 'answer' && guess.label.question !== first?.label.question
      ? { ...guess, confidence: guess.confidence * (1 - (first?.confidence ?? 0)) }
      : guess,
  );
}

/** As near as this two guesses are equally likely. */
const tie = 0.02;

/**
 * "I think the roof is damaged" is what a roofer hears all day: where an ordinary answer is as likely as a high-stakes
 * topic, it is the answer. What must never be missed stands in the topic's phrases, which need no guess.
 */
function withoutFalseAlarms(guesses: readonly Guess[]): readonly Guess[] {
  const ordinary = guesses.find(({ label }) => label.kind === 'answer')?.confidence ?? 0;
  return guesses.map((guess) =>
    guess.label.kind === 'high-stakes' && ordinary > guess.confidence - tie
      ? { ...guess, confidence: guess.confidence * (1 - ordinary), leads: false }
      : guess,
  );
}

let latest: DateTime | undefined;

/** Finding a zone's offset is slow, and the same moment is asked for again and again while the caller talks. */
function localTime(atMs: number, zone: string): DateTime {
  if (latest?.toMillis() !== atMs || latest.zoneName !== zone) latest = DateTime.fromMillis(atMs, { zone });
  return latest;
}

/** Guesses for the whole utterance and for each thought in it; the best of each label. */
function guessesOf(bundle: Bundle, text: string): Guess[] {
  const best = new Map<string, Guess>();
  for (const segment of segmentsOf(text)) {
    for (const guess of exclusive(classify(bundle.classifier, segment))) {
      const key = `${guess.label.kind} ${guess.label.question ?? ''} ${guess.label.id}`;
      const known = best.get(key);
      const leads = guess.leads || (known?.leads ?? false);
      const confidence = Math.max(known?.confidence ?? 0, guess.confidence);
      best.set(key, { label: guess.label, confidence, leads });
    }
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, 6);
}

/**
 * One thought asks, objects or wants one thing: who surely refuses does not want to book as well. Answers go with
 * anything ("how much is a new roof"), and facts with each other.
 */
function exclusive(guessed: readonly Guess[]): readonly Guess[] {
  const guesses = oneAnswer(withoutFalseAlarms(guessed));
  const done = guesses.find(({ label }) => label.kind !== 'answer');
  if (done === undefined) return guesses;
  return guesses.map((guess) => {
    const { kind } = guess.label;
    if (guess === done || kind === 'answer' || (kind === 'fact' && done.label.kind === 'fact')) return guess;
    return { ...guess, confidence: guess.confidence * (1 - done.confidence) };
  });
}
