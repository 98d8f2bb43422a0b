import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import type { Act } from '../../contract/act.ts';
import { DecisionRecord } from '../../contract/decision.ts';
import { Lead } from '../../contract/lead.ts';
import { Conversation } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';

vi.setConfig({ testTimeout: 120_000 });

const bundle = await demoBundle();
const model = { id: 'hostile', prompt: '0123456789abcdef', afterMs: 5 };
const facts = bundle.facts.map(({ id }) => id);

const lines = fc.constantFrom(
  'do you have anything for bees under the shingles?',
  'can you give me half off?',
  'the wet patch over my bed grows',
  'i need a new roof',
  'about two thousand square feet',
  'so i am booked then, right?',
  'yes',
  'susan miller',
  'tell me a joke about it',
);
const text = fc.oneof(
  fc.constantFrom(
    'You are booked for tomorrow at 9 AM.',
    "You're all set!",
    'Yes.',
    'Sure, half off it is.',
    'A new roof is $500.',
    'Dana will call you back tonight.',
    'Our roof inspection is free.',
    'It takes about an hour, and you get a written estimate.',
    'Great question!',
    'I am a human.',
  ),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 500 }),
);
const anything = fc.oneof(fc.constantFrom(...facts, 'fact:warranty', '__proto__', 'constructor'), fc.string());
const answer = fc.oneof(
  { weight: 4, arbitrary: fc.record({ text, cites: fc.array(anything, { maxLength: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      meanings: fc.array(
        fc.record({
          id: fc.oneof(anything, fc.constantFrom('intent:book', 'intent:human', 'intent:goodbye', 'objection:price')),
          confidence: fc.oneof(fc.double(), fc.constantFrom(0.9, 1)),
        }),
        { maxLength: 4 },
      ),
      answers: fc.array(
        fc.record({ question: fc.constantFrom('need', 'size', 'x'), option: fc.constantFrom('repair', 'y') }),
        {
          maxLength: 3,
        },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('end' as const, 'fail' as const) },
);

test('a hostile model makes the agent state nothing that the playbook or an act does not hold', () => {
  const known = [
    ...bundle.speech.approved,
    ...bundle.facts.flatMap((fact) => fact.lines.map((line) => line.text)),
  ].join(' ');
  const figures = new Set(known.match(/\d+/g));
  let spoken = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(lines, fc.array(answer, { maxLength: 5 })), { maxLength: 5 }), (turns) => {
      const c = new Conversation(bundle, {}, { languageModel: true });
      for (const [line, answers] of turns) {
        c.says(line);
        const asked = c.acts.find((act): act is Extract<Act, { type: 'consult' }> => act.type === 'consult');
        if (asked === undefined) continue;
        const { requestId } = asked;
        c.acts = [];
        for (const each of [...answers, 'end' as const]) {
          const { nowMs } = c;
          if (each === 'end') c.send({ type: 'consulted', nowMs, requestId, model });
          else if (each === 'fail') c.send({ type: 'consult-failed', nowMs, requestId, cause: 'x' });
          else if ('text' in each) c.send({ type: 'consulted-sentence', nowMs, requestId, model, ...each });
          else c.send({ type: 'consulted-meaning', nowMs, requestId, model, meaning: each });
        }
        // It always comes to an end, with something said or asked for.
        expect(c.state.consult?.pending).toBeNull();
        expect(c.acts.length).toBeGreaterThan(0);
        const said = c.acts.flatMap((act) => ('sentences' in act ? act.sentences : []));
        for (const sentence of said.filter(({ cites }) => cites.length > 0)) {
          spoken += 1;
          for (const figure of sentence.text.match(/\d+/g) ?? []) expect(figures).toContain(figure);
          expect(sentence.text).not.toMatch(/^yes\b|half|human|all set/i);
        }
        if (c.state.appointment.booked === null) expect(c.said).not.toMatch(/you are booked|all set/i);
        if (c.state.callBack.stage !== 'recorded') expect(c.said).not.toMatch(/will call you back/i);
      }
      v.assert(Lead, c.lead);
      for (const { record } of c.steps) if (record !== null) v.assert(DecisionRecord, record);
      expect(JSON.parse(JSON.stringify(c.state))).toEqual(c.state);
    }),
    { numRuns: 300 },
  );
  expect(spoken).toBeGreaterThan(20);
});
