import { describe, expect, test } from 'vitest';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';
import { formatIssue } from './issue.ts';

async function errors(changes: Readonly<Record<string, string>>): Promise<string[]> {
  try {
    await compilePlaybook(smallPlaybook(changes));
    return [];
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(formatIssue);
  }
}

const routing = (rest = '', people = '[{ id: dana, name: Dana }, { id: lee, name: Lee }]') => `routing:
  people: ${people}
  otherwise: dana
${rest}`;

const questions = `questions:
  - { id: budget, label: Budget, type: money, ask: What is your budget? }
  - id: need
    label: Need
    type: choice
    ask: What do you need?
    options: [{ id: repair, label: Repair, phrases: [repair] }, { id: advice, label: Advice, phrases: [advice] }]`;
const flow = 'flow: [budget, need, name, contact, appointment]';
const asked = { questions, flow };

describe('routing', () => {
  test('people, rules and call-backs that fit together compile', async () => {
    const rules = `  rules:
    - { to: lee, when: { answers: { need: [repair] }, atLeast: { budget: 5000 }, topics: [legal, parking], hours: open } }
  callBackWithinOpenDays: 2`;
    expect(await errors({ ...asked, routing: routing(rules) })).toEqual([]);
  });

  test('without people it is told what is missing', async () => {
    expect(await errors({ routing: routing('', '[]') })).toEqual([
      'routing.yaml:2: routing.people: Name at least one person.',
    ]);
  });

  test('a person whose id is taken', async () => {
    const people = `
    - { id: dana, name: Dana }
    - { id: dana, name: Dana Two }`;
    expect(await errors({ routing: routing('', people) })).toEqual([
      'routing.yaml:4: routing.people[1].id: The id "dana" is taken. (first used at routing.yaml:3)',
    ]);
  });

  test('whoever takes the rest must be one of the people', async () => {
    const misspelt = 'routing:\n  people: [{ id: dana, name: Dana }]\n  otherwise: danna';
    expect(await errors({ routing: misspelt })).toEqual([
      'routing.yaml:3: routing.otherwise: There is no person "danna". (did you mean "dana"?)',
    ]);
  });

  test.each([
    ['a person', 'to: nobody-here, when: {}', 'to', 'There is no person "nobody-here". (known: dana, lee)'],
    [
      'a topic',
      'to: lee, when: { topics: [parkin] }',
      'when.topics[0]',
      'There is no topic "parkin". (did you mean "parking"?)',
    ],
    [
      'a number that is not asked as one',
      'to: lee, when: { atLeast: { need: 3 } }',
      'when.atLeast.need',
      'There is no quantity or money question "need". (known: budget)',
    ],
    [
      'a question',
      'to: lee, when: { answers: { neeed: [repair] } }',
      'when.answers.neeed',
      'There is no question "neeed". (did you mean "need"?)',
    ],
    [
      'an answer',
      'to: lee, when: { answers: { need: [repairs] } }',
      'when.answers.need[0]',
      'There is no option "repairs". (did you mean "repair"?)',
    ],
  ])('a rule that names %s nobody knows', async (_, rule, field, message) => {
    expect(await errors({ ...asked, routing: routing(`  rules:\n    - { ${rule} }`) })).toEqual([
      `routing.yaml:5: routing.rules[0].${field}: ${message}`,
    ]);
  });
});

describe('escalation', () => {
  const rule = (text: string) => `escalation:\n  - { id: big, label: Big, ${text} }`;

  test('to a person, where there are none', async () => {
    expect(await errors({ escalation: rule('when: upset, to: dana') })).toEqual([
      'escalation.yaml:2: escalation[0].to: There are no people to send "dana" to. (add `routing:` with `people:`)',
    ]);
  });

  test('to a person nobody knows', async () => {
    expect(await errors({ routing: routing(), escalation: rule('when: upset, to: leee') })).toEqual([
      'escalation.yaml:2: escalation[0].to: There is no person "leee". (did you mean "lee"?)',
    ]);
  });

  test('a large deal by a question that is no number', async () => {
    const escalation = rule('when: large-deal, question: need, atLeast: 5');
    expect(await errors({ ...asked, escalation })).toEqual([
      'escalation.yaml:2: escalation[0].question: There is no quantity or money question "need". (known: budget)',
    ]);
  });

  test('words that cannot be read', async () => {
    const escalation = rule('when: high-stakes, examples: ["(my tooth hurts", it hurts, help me], phrases: ["[so"]');
    const found = await errors({ escalation });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^escalation\.yaml:2: escalation\[0\]\.examples\[0\]: .+\(use \(a\|b\), \[optional\] and/);
    expect(found[1]).toMatch(/^escalation\.yaml:2: escalation\[0\]\.phrases\[0\]: .+\(use \(a\|b\), \[optional\] and/);
  });

  test('high stakes are never only noted', async () => {
    const escalation = rule('when: high-stakes, how: go-on, examples: [a, b, c]');
    const [found] = await errors({ escalation });
    expect(found).toMatch(/^escalation\.yaml:2: escalation\[0\]\.how: /);
  });

  test('two rules of one id', async () => {
    const escalation = `${rule('when: upset')}\n  - { id: big, label: Big, when: not-understood }`;
    expect(await errors({ escalation })).toEqual([
      'escalation.yaml:3: escalation[1].id: The id "big" is taken. (first used at escalation.yaml:2)',
    ]);
  });
});

describe('scenarios', () => {
  const reason = (id: string, steps: string) =>
    `\n    - { id: ${id}, label: Checkup, says: It is time for a checkup., flow: [${steps}] }`;

  test('a reason to call whose steps are known compiles', async () => {
    expect(await errors({ scenarios: `scenarios:\n  outreach:${reason('checkup', 'appointment')}` })).toEqual([]);
  });

  test('a step nobody knows, and an id that is taken', async () => {
    const scenarios = `scenarios:\n  outreach:${reason('checkup', 'apointment')}${reason('checkup', 'appointment')}`;
    expect((await errors({ scenarios })).toSorted()).toEqual([
      'scenarios.yaml:3: scenarios.outreach[0].flow[0]: There is no question or step "apointment". (did you mean "appointment"?)',
      'scenarios.yaml:4: scenarios.outreach[1].id: The id "checkup" is taken. (first used at scenarios.yaml:3)',
    ]);
  });
});
