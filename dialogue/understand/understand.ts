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
  readonly sentiment: 'negative' | 'neutral' | 'positive';
}

export function understand(bundle: Bundle, state: State, text: string, typed: boolean, nowMs: number): Understanding {
  const words = wordsOf(text);
  const { focus } = state;
  const now = localTime(nowMs, bundle.scheduling.timeZone);
  const guesses = guessesOf(bundle, text);
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
  const answers: Record<string, LeadAnswer> = {};
  if (!dictating) {
    for (const question of bundle.questions) {
      const asked = focus.kind === 'question' && focus.id === question.id;
      if (!asked && state.lead.answers[question.id] !== undefined && !correction) continue;
      const answer = answerIn(bundle, question, words, guesses, asked, now);
      if (answer !== null) answers[question.id] = answer;
    }
  }
  return {
    text,
    words,
    guesses,
    polarity: polarityOf(words),
    answers,
    name: nameOf(text, focus.kind === 'name', typed, guesses),
    phone: phone.phone,
    email: email.email,
    digits: asksPhone ? phone.digits : '',
    emailWords: email.words,
    when: whenIn(words, now, text),
    correction,
    question: segmentsOf(text).some(isQuestion),
    sentiment: sentimentOf(words),
  };
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
  const guesses = withoutFalseAlarms(guessed);
  const done = guesses.find(({ label }) => label.kind !== 'answer');
  if (done === undefined) return guesses;
  return guesses.map((guess) => {
    const { kind } = guess.label;
    if (guess === done || kind === 'answer' || (kind === 'fact' && done.label.kind === 'fact')) return guess;
    return { ...guess, confidence: guess.confidence * (1 - done.confidence) };
  });
}
