import { describe, expect, test, vi } from 'vitest';
import { Conversation } from '../testing/conversation.ts';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { parseBundle } from './bundle.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';
import { applyArm, assignArm } from './experiments.ts';

// Compiling trains a classifier: half a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const base = {
  facts: `facts:
  - id: apples
    kind: price
    says: Apples cost $3.
    price: { amount: 3 }
    examples: [what do apples cost, how much are apples, price of apples]`,
  questions: `questions:
  - id: color
    label: Color
    type: choice
    ask: Which color?
    options: [{ id: red, label: Red, points: 5, phrases: [red] }]`,
  objections: `objections:
  - id: price
    label: Too expensive
    examples: [too expensive, that is a lot of money, apples are expensive]
    attempts: [{ says: Good apples have their price. }]
    stepBack: I understand.`,
  flow: 'flow: [color, name]',
  voice: 'voice: { forbidden: [cheap] }',
};
const experiments = `experiments:
  - id: tone
    arms:
      - { id: control, weight: 3 }
      - id: warm
        patch:
          greeting: So good that you call. This is Small Shop.
          wording: { goodbye: Bye now. }
          facts: { apples: { says: "Apples are $3, and fresh." } }
          questions: { color: { ask: Which color do you love?, points: { red: 50 } } }
          objections: { price: { attempts: [{ says: They are worth it., cites: [apples] }] } }
          flow: [name, color]
          qualification: { qualifiedFrom: 40 }`;

const { bundle } = await compilePlaybook(smallPlaybook({ ...base, experiments }));

async function problems(arm: string): Promise<string[]> {
  const files = smallPlaybook({
    ...base,
    experiments: `experiments:
  - id: tone
    arms:
      - { id: control }
      - id: other
        ${arm}`,
  });
  try {
    return (await compilePlaybook(files)).warnings.map(({ line, message }) => `warning ${line} ${message}`);
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(({ line, field, message }) => `${line} ${field} ${message}`);
  }
}

describe('an arm of an experiment', () => {
  test('changes words, points and order, and is named in every decision', () => {
    const call = new Conversation(applyArm(bundle, 'tone', 'warm'));
    expect(call.said).toBe('So good that you call. This is Small Shop. May I have your first and last name?');
    expect(call.says('john miller')).toContain('Which color do you love?');
    expect(call.says('that is a lot of money')).toContain('They are worth it.');
    expect(call.says('how much are apples')).toContain('Apples are $3, and fresh.');
    call.says('red');
    expect(call.lead).toMatchObject({ score: 50, stage: 'qualified' });
    expect(call.says('no thank you goodbye')).toBe('Bye now.');
    for (const { record } of call.steps)
      expect(record).toMatchObject({ playbook: bundle.hash, experiment: { id: 'tone', arm: 'warm' } });
  });

  test('without changes is the playbook itself', () => {
    const { arm, ...control } = applyArm(bundle, 'tone', 'control');
    expect(arm).toEqual({ id: 'tone', arm: 'control' });
    expect(control).toEqual(bundle);
  });

  test('has its sentences synthesised ahead like all others', () => {
    expect(bundle.speech.approved).toEqual(
      expect.arrayContaining([
        'Which color?',
        'Which color do you love?',
        'Bye now.',
        'Apples are three dollars, and fresh.',
      ]),
    );
  });

  test('that does not exist is said so', () => {
    expect(() => applyArm(bundle, 'tone', 'cold')).toThrow('has no arm "cold" in an experiment "tone"');
  });

  test('survives the way to a media node', async () => {
    const json: unknown = JSON.parse(JSON.stringify(bundle));
    expect(applyArm(await parseBundle(json), 'tone', 'warm').greeting[0]?.text).toBe('So good that you call.');
  });
});

describe('a call gets an arm', () => {
  test('by weight, the same for the same draw', () => {
    const arms = Array.from({ length: 1_000 }, (_, at) => assignArm(bundle, at / 1_000).arm?.arm);
    expect(arms.filter((arm) => arm === 'control')).toHaveLength(750);
    expect(arms.filter((arm) => arm === 'warm')).toHaveLength(250);
    expect(assignArm(bundle, 0.9)).toBe(assignArm(bundle, 0.9));
  });

  test('of one experiment, where there are several', () => {
    const [tone] = bundle.experiments;
    const two = { ...bundle, experiments: [tone!, { ...tone!, id: 'second' }] };
    const of = (id: string) =>
      Array.from({ length: 100 }, (_, at) => assignArm(two, at / 100).arm).filter((arm) => arm?.id === id);
    expect([of('tone').length, of('second').length]).toEqual([50, 50]);
  });

  test('but none where nothing is tried', async () => {
    const { bundle: plain } = await compilePlaybook(smallPlaybook());
    expect(assignArm(plain, 0.5)).toBe(plain);
  });
});

describe('an arm is checked like the playbook', () => {
  test.each([
    [
      'patch: { facts: { aples: { says: Hello. } } }',
      '6 experiments[0].arms[1].patch.facts.aples There is no fact "aples".',
    ],
    [
      'patch: { facts: { apples: { says: Apples cost $4. } } }',
      '6 experiments[0].arms[1].patch.facts.apples.says "Apples cost $4." names 4 USD, which is no price of apples.',
    ],
    [
      'patch: { greeting: We are cheap. }',
      '6 experiments[0].arms[1].patch.greeting "We are cheap." has the forbidden phrase "cheap".',
    ],
    ['patch: { flow: [color, color] }', '6 experiments[0].arms[1].patch.flow[1] "color" stands in the flow twice.'],
    ['patch: { flow: [colour] }', '6 experiments[0].arms[1].patch.flow[0] There is no question or step "colour".'],
    [
      'patch: { questions: { color: { points: { blue: 3 } } } }',
      '6 experiments[0].arms[1].patch.questions.color.points.blue There is no answer to "color" "blue".',
    ],
    [
      'patch: { objections: { price: { attempts: [{ says: No., cites: [pears] }] } } }',
      '6 experiments[0].arms[1].patch.objections.price.attempts[0].cites[0] There is no fact "pears".',
    ],
    ['patch: { wordings: {} }', '6 experiments[0].arms[1].patch.wordings Unknown field "wordings".'],
    ['patch: { flow: [name] }', 'warning 6 "color" is never asked.'],
  ])('%s', async (arm, problem) => {
    expect(await problems(arm)).toEqual([problem]);
  });

  test('a price may differ between arms', async () => {
    expect(await problems('patch: { facts: { apples: { says: Apples cost $4., price: { amount: 4 } } } }')).toEqual([]);
  });
});
