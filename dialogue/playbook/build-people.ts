import { wordsOf } from '../understand/words.ts';
import type { Escalation, Routing, Scenarios, TakesCalls } from './bundle.ts';
import { defaultEscalation } from './default-escalation.ts';
import { expand } from './expand.ts';
import { hoursOf } from './build-scheduling.ts';
import type { SourceEscalation } from './people.ts';
import { linesOf } from './sentences.ts';
import { bothWays } from './sounds-like.ts';
import type { Source } from './source.ts';

/** The playbook's rules before the engine's; of these, those that it does not replace. */
export function escalationRules({ escalation }: Pick<Source, 'escalation'>): SourceEscalation[] {
  const kept = defaultEscalation.filter(
    (rule) => !escalation.some((own) => own.id === rule.id || (own.when === rule.when && own.when !== 'high-stakes')),
  );
  return [...escalation, ...kept];
}

export function buildEscalation(source: Source): Escalation[] {
  return escalationRules(source).map((rule) => ({
    id: rule.id,
    label: rule.label,
    when: rule.when,
    how: rule.how,
    lines: rule.says === undefined ? [] : linesOf(rule.says, source.voice.pronounce, source.locale),
    ...(rule.to === undefined ? {} : { to: rule.to }),
    ...(rule.when === 'not-understood' ? { times: rule.times } : {}),
    ...(rule.when === 'upset' ? { times: rule.turns } : {}),
    ...(rule.when === 'large-deal' ? { question: rule.question, atLeast: rule.atLeast } : {}),
    phrases: rule.when === 'high-stakes' ? phrasesOf(rule.phrases, source) : [],
  }));
}

function phrasesOf(templates: readonly string[], { lists, soundsLike }: Source): string[] {
  const phrases = templates.flatMap((template) => expand(template, lists, 60));
  return bothWays(
    phrases.map((phrase) => wordsOf(phrase).join(' ')),
    soundsLike,
  );
}

export function buildRouting({ routing }: Source): Routing | undefined {
  if (routing === undefined) return undefined;
  const people = routing.people.map((person) => ({
    id: person.id,
    name: person.name,
    saidAs: person.saidAs ?? person.name,
    ...(person.role === undefined ? {} : { role: person.role }),
    ...(person.phone === undefined ? {} : { phone: person.phone }),
    ...(person.sip === undefined ? {} : { sip: person.sip }),
    ...(person.takesCalls === undefined ? {} : { takesCalls: takesCallsOf(person.takesCalls) }),
  }));
  const rules = routing.rules.map(({ to, when }) => ({
    to,
    when: {
      answers: when.answers,
      atLeast: when.atLeast,
      ...(when.scoreFrom === undefined ? {} : { scoreFrom: when.scoreFrom }),
      ...(when.scoreBelow === undefined ? {} : { scoreBelow: when.scoreBelow }),
      ...(when.topics === undefined ? {} : { topics: when.topics }),
      ...(when.hours === undefined ? {} : { hours: when.hours }),
    },
  }));
  const { otherwise, callBackWithinOpenDays, afterwards } = routing;
  return { people, rules, otherwise, callBackWithinOpenDays, afterwards };
}

type SourcePerson = NonNullable<Source['routing']>['people'][number];

function takesCallsOf({ hours, ...how }: NonNullable<SourcePerson['takesCalls']>): TakesCalls {
  return { ...how, ...(hours === undefined ? {} : { hours: hoursOf(hours) }) };
}

export function buildScenarios({ scenarios, voice, locale }: Source): Scenarios {
  return {
    outreach: scenarios.outreach.map(({ id, label, says, flow }) => ({
      id,
      label,
      lines: linesOf(says, voice.pronounce, locale),
      flow,
    })),
    appointments: scenarios.appointments,
  };
}
