import type { ConsultedMeaning, Consultation } from '../../contract/consultation.ts';
import type { LeadAnswer } from '../../contract/lead.ts';
import { saysWhatItIsAbout } from '../phrase/guard/approved-pieces.ts';
import type { Bundle, Label } from '../playbook/bundle.ts';
import type { Guess } from '../understand/classify.ts';
import type { Understanding } from '../understand/understand.ts';
import { lookupOf } from '../understand/lookup.ts';

/** A model is never believed more than this: the caller's own words, understood here, weigh more. */
const maxConfidence = 0.8;
const answerConfidence = 0.7;
const examplesEach = 2;

interface Menu {
  readonly meanings: Consultation['meanings'];
  readonly labels: ReadonlyMap<string, Label>;
}

const menus = new WeakMap<Bundle, Menu>();

/** Everything a caller can mean, as a closed list for a model to choose from. */
export function menuOf(bundle: Bundle): Menu {
  const known = menus.get(bundle);
  if (known !== undefined) return known;
  const { labels, exact } = bundle.classifier;
  const examples = labels.map((): string[] => []);
  for (const [example, at] of Object.entries(exact)) {
    const list = examples[at];
    if (list !== undefined && list.length < examplesEach) list.push(example);
  }
  const listed = labels.flatMap((label, at) => {
    const fact = label.kind === 'fact' ? lookupOf(bundle).facts.get(label.id) : undefined;
    // Answers go with their questions. A fact that says "yes, it is" must be asked for in the owner's words.
    const offered =
      label.kind !== 'answer' && label.kind !== 'none' && (fact === undefined || saysWhatItIsAbout(fact.lines));
    return offered ? [{ id: `${label.kind}:${label.id}`, label, examples: examples[at] ?? [] }] : [];
  });
  const menu = {
    meanings: listed.map(({ id, examples: some }) => ({ id, examples: some })),
    labels: new Map(listed.map(({ id, label }) => [id, label])),
  };
  menus.set(bundle, menu);
  return menu;
}

/** The questions that have a list of answers. */
export function questionsOf(bundle: Bundle): Consultation['questions'] {
  return bundle.questions
    .filter((question) => question.options.length > 0)
    .map(({ id, label, options }) => ({
      id,
      label,
      options: options.map((option) => ({ id: option.id, label: option.label })),
    }));
}

/**
 * What was understood here with what a model adds to it. Ids that are on no list are left out. Null: it adds nothing.
 */
export function withMeaning(bundle: Bundle, heard: Understanding, meaning: ConsultedMeaning): Understanding | null {
  const { labels } = menuOf(bundle);
  const guesses = meaning.meanings.flatMap(({ id, confidence }): Guess[] => {
    const label = labels.get(id);
    return label === undefined || !(confidence >= 0)
      ? []
      : [{ label, confidence: Math.min(confidence, maxConfidence), leads: true }];
  });
  const answers: Record<string, LeadAnswer> = {};
  for (const { question, option } of meaning.answers) {
    const chosen = lookupOf(bundle)
      .questions.get(question)
      ?.options.find(({ id }) => id === option);
    if (chosen === undefined || Object.hasOwn(heard.answers, question)) continue;
    answers[question] = { value: chosen.id, display: chosen.label, confidence: answerConfidence, confirmed: false };
  }
  if (guesses.length === 0 && Object.keys(answers).length === 0) return null;
  const surer = [...heard.guesses, ...guesses.slice(0, 3)].sort((a, b) => b.confidence - a.confidence);
  return { ...heard, guesses: surer.slice(0, 6), answers: { ...heard.answers, ...answers } };
}
