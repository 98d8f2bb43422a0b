import { defaultWording } from '../phrase/wording.ts';
import { builtInIntents } from '../understand/common-intents.ts';
import { wordsOf } from '../understand/words.ts';
import { buildEscalation, buildRouting, buildScenarios } from './build-people.ts';
import { buildScheduling } from './build-scheduling.ts';
import type { Bundle, Line } from './bundle.ts';
import { expand } from './expand.ts';
import { knowledgeGraph } from './graph.ts';
import { buildOutbound } from './outbound.ts';
import { pricesOf } from './prices.ts';
import type { SourceSentences } from './sentence-source.ts';
import { linesOf } from './sentences.ts';
import { bothWays } from './sounds-like.ts';
import type { Source } from './source.ts';

type Late = 'escalation' | 'scenarios';

/** A bundle's parts that are written, not learnt. */
export interface Content extends Omit<
  Bundle,
  'hash' | 'classifier' | 'speech' | 'experiments' | 'locales' | 'arm' | Late
> {
  readonly escalation: NonNullable<Bundle['escalation']>;
  readonly scenarios: NonNullable<Bundle['scenarios']>;
}

/** All of a playbook but what is learnt from its examples. */
export function contentOf(source: Source): Content {
  const lines = (says: SourceSentences | readonly string[]): Line[] =>
    linesOf(says, source.voice.pronounce, source.locale);
  const facts = source.facts.map((fact) => ({
    id: fact.id,
    kind: fact.kind,
    lines: lines(fact.says),
    prices: pricesOf(fact.price, source.business.currency),
    offer: fact.offer === undefined ? [] : lines(fact.offer),
  }));
  const questions = source.questions.map((question) => ({
    id: question.id,
    label: question.label,
    type: question.type,
    when: question.when,
    ask: lines(question.ask),
    again: lines(question.again ?? question.ask),
    options: question.options.map((option) => ({
      id: option.id,
      label: option.label,
      points: option.points,
      phrases: bothWays(
        option.phrases.flatMap((phrase) => expand(phrase, source.lists, 60)).map((phrase) => wordsOf(phrase).join(' ')),
        source.soundsLike,
      ),
      ...(option.withinDays === undefined ? {} : { withinDays: option.withinDays }),
      ...(option.reply === undefined ? {} : { reply: option.reply }),
      disqualifies: option.disqualifies,
    })),
    ...(question.unit === undefined ? {} : { unit: question.unit }),
    bands: [...question.bands].sort((a, b) => b.atLeast - a.atLeast),
  }));
  const objections = source.objections.map((objection) => ({
    id: objection.id,
    label: objection.label,
    attempts: objection.attempts.map((attempt) => ({ lines: lines(attempt.says), cites: attempt.cites })),
    stepBack: lines(objection.stepBack),
    afterwards: objection.afterwards,
  }));
  const wording = Object.fromEntries(
    Object.entries(defaultWording).map(([key, sentences]): [string, Line[]] => [
      key,
      lines(source.wording[key] ?? sentences),
    ]),
  );
  const routing = buildRouting(source);
  const escalation = buildEscalation(source);
  const scenarios = buildScenarios(source);
  const outbound = source.outbound && buildOutbound(source.outbound);
  const greeting = lines(source.greeting);
  const spokenDisclosure = lines(source.disclosure.spoken);
  const { phone, privacyUrl, greetByName, recording } = source.business;
  return {
    business: {
      id: source.business.id,
      name: source.business.name,
      agentName: source.business.agentName,
      representative: source.business.representative,
      ...(phone === undefined ? {} : { phone }),
      ...(privacyUrl === undefined ? {} : { privacyUrl }),
      ...(greetByName ? { greetByName } : {}),
      ...(recording === 'on' ? { recording: true as const } : {}),
    },
    locale: source.locale,
    disclosure: { version: source.disclosure.version, text: source.disclosure.text.trim() },
    scheduling: buildScheduling(source),
    service: source.scheduling.service,
    voice: source.voice,
    greeting,
    spokenDisclosure,
    ...(source.keypad === undefined ? {} : { keypad: { lines: lines(source.keypad.says), keys: source.keypad.keys } }),
    flow: source.flow,
    questions,
    facts,
    intents: source.intents
      .filter(({ id }) => !builtInIntents.includes(id))
      .map(({ id, answers }) => ({ id, answers })),
    graph: knowledgeGraph(source),
    objections,
    qualification: source.qualification,
    ...(routing === undefined ? {} : { routing }),
    escalation,
    scenarios,
    ...(outbound === undefined ? {} : { outbound }),
    wording,
  };
}

/** Every fixed sentence of a playbook, as the voice reads it. */
export function approvedSentences(content: Content): string[] {
  const { greeting, spokenDisclosure, wording, questions, facts, objections, escalation, scenarios } = content;
  const fixed = [
    greeting,
    spokenDisclosure,
    ...Object.values(wording),
    ...questions.flatMap((question) => [question.ask, question.again]),
    ...facts.flatMap((fact) => [fact.lines, fact.offer]),
    ...objections.flatMap((objection) => [...objection.attempts.map((attempt) => attempt.lines), objection.stepBack]),
    ...escalation.map((rule) => rule.lines),
    ...scenarios.outreach.map((reason) => reason.lines),
  ].flat();
  return fixed.map((line) => line.spoken ?? line.text);
}
