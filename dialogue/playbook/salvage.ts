import * as v from 'valibot';
import { sections, type Source } from './source.ts';

/**
 * What of a faulty playbook can still be checked, so that its owner sees all problems at once: good
 * sections as they are, bad list items as empty ones of the same id, bad sections as empty ones.
 */
export function salvage(merged: Readonly<Record<string, unknown>>): Source {
  const good = <Schema extends v.GenericSchema>(
    schema: Schema,
    value: unknown,
    otherwise: v.InferOutput<Schema>,
  ): v.InferOutput<Schema> => {
    const result = v.safeParse(schema, value);
    return result.success ? result.output : otherwise;
  };
  const items = <Schema extends v.GenericSchema>(
    name: string,
    schema: Schema,
    empty: (id: string) => v.InferOutput<Schema>,
  ): v.InferOutput<Schema>[] => {
    const list = merged[name];
    return Array.isArray(list)
      ? list.map((item: unknown, index) => good(schema, item, empty(idOf(item) ?? `unreadable-${index}`)))
      : [];
  };
  const nothing = 'Unreadable.';
  return {
    business: good(sections.business, merged['business'], {
      id: 'unreadable',
      name: '',
      agentName: '',
      greetByName: false,
      recording: 'off',
      representative: '',
      currency: 'USD',
    }),
    locale: good(sections.locale, merged['locale'], 'en'),
    disclosure: good(sections.disclosure, merged['disclosure'], { version: '', text: nothing, spoken: nothing }),
    voice: good(sections.voice, merged['voice'] ?? {}, { style: [], forbidden: [], pronounce: {} }),
    greeting: good(sections.greeting, merged['greeting'], nothing),
    scheduling: good(sections.scheduling, merged['scheduling'], {
      timeZone: 'UTC',
      service: 'unreadable',
      openingHours: [],
      closedOn: [],
      services: [
        { id: 'unreadable', name: '', durationMin: 60, bufferMin: 0, leadTimeMin: 0, capacity: 1, stepMin: 60 },
      ],
    }),
    lists: good(sections.lists, merged['lists'] ?? {}, {}),
    soundsLike: good(sections.soundsLike, merged['soundsLike'] ?? {}, {}),
    facts: items('facts', sections.facts.item, (id) => ({
      id,
      kind: 'policy' as const,
      says: nothing,
      examples: ['a', 'b', 'c'],
      relatesTo: [],
      priceOf: [],
    })),
    intents: items('intents', sections.intents.item, (id) => ({ id, examples: ['a'], answers: [] })),
    flow: good(sections.flow, merged['flow'], []),
    questions: items('questions', sections.questions.item, (id) => ({
      id,
      label: '',
      type: 'money' as const,
      when: {},
      ask: nothing,
      options: [],
      bands: [],
      examples: [],
    })),
    objections: items('objections', sections.objections.item, (id) => ({
      id,
      label: '',
      examples: ['a'],
      attempts: [],
      stepBack: nothing,
      afterwards: 'go-on' as const,
    })),
    escalation: items('escalation', sections.escalation.item, (id) => ({
      id,
      label: '',
      when: 'asked-for-person' as const,
      how: 'transfer' as const,
    })),
    scenarios: good(sections.scenarios, merged['scenarios'] ?? {}, {
      outreach: [],
      appointments: { move: true, cancel: true },
    }),
    outbound: good(v.optional(sections.outbound), merged['outbound'], undefined),
    routing: good(v.optional(sections.routing), merged['routing'], undefined),
    qualification: { qualifiedFrom: 0, contactPoints: 0, appointmentPoints: 0 },
    experiments: [],
    locales: {},
    wording: good(sections.wording, merged['wording'] ?? {}, {}),
  };
}

function idOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string' ? item.id : null;
}
