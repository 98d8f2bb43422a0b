import { expect, test } from 'vitest';
import { compilePlaybook } from '../playbook/compile.ts';
import { Conversation } from '../testing/conversation.ts';
import { smallPlaybook } from '../testing/small-playbook.ts';

const { bundle } = await compilePlaybook(
  smallPlaybook({
    facts: `facts:
  - id: cleaning
    kind: product
    says: A cleaning takes an hour.
    relatesTo: [whitening]
    next: appointment
    examples: [how long does a cleaning take, what is a cleaning, tell me about cleanings, what about a cleaning]
  - id: cleaning-price
    kind: price
    says: A cleaning costs $120.
    price: { amount: 120 }
    priceOf: [cleaning]
    offer: Would you like to know what it costs?
    examples: [how much is a cleaning, what does a cleaning cost, price of a cleaning]
  - id: polishing
    kind: feature
    says: We polish your teeth at the end.
    partOf: cleaning
    examples: [do you polish teeth, is polishing part of it, what about polishing]
  - id: whitening
    kind: product
    says: We also do whitening.
    offer: Would you like to hear about whitening?
    examples: [do you do whitening, can you make teeth white, what about whitening]`,
    intents: `intents:
  - id: overview
    examples: [what do you do for teeth, which treatments are there, what treatments do you have]
    answers: [cleaning, whitening]
  - id: book
    examples: ["(book|schedule) a cleaning", i want my teeth cleaned]`,
    flow: 'flow: []',
    questions: `questions:
  - { id: color, label: Color, type: choice, ask: Which color?, options: [{ id: red, label: Red, phrases: [red] }] }
  - id: shade
    label: Shade
    type: choice
    ask: A dark one?
    when: { color: [red] }
    options: [{ id: dark, label: Dark, phrases: [dark], reply: yes }, { id: light, label: Light, phrases: [light], reply: no }]`,
  }),
);

test('after an answer the agent offers what hangs together with it, nearest first, and twice at most', () => {
  const call = new Conversation(bundle);
  expect(call.says('how long does a cleaning take')).toBe(
    'A cleaning takes an hour. Would you like to know what it costs?',
  );
  expect(call.says('yes please')).toBe('A cleaning costs $120. Is there anything else I can help you with?');
  expect(call.says('what is a cleaning')).toBe('A cleaning takes an hour. Would you like to hear about whitening?');
  expect(call.says('no')).toContain('anything else');
  expect(call.says('what is a cleaning')).toBe('A cleaning takes an hour. Is there anything else I can help you with?');
  expect(call.lead.askedAbout).toEqual(['cleaning', 'cleaning-price']);
});

test('another question instead of an answer to the offer is answered', () => {
  const call = new Conversation(bundle);
  call.says('how long does a cleaning take');
  expect(call.says('do you polish teeth')).toContain('We polish your teeth at the end.');
});

test("an intent of the playbook's own is answered by its facts, which are cited", () => {
  const call = new Conversation(bundle);
  expect(call.says('which treatments are there')).toContain('A cleaning takes an hour. We also do whitening.');
  expect(call.rule).toBe('intent-overview');
  expect(call.steps.at(-1)?.record?.cites).toEqual(['cleaning', 'whitening']);
});

test('a part, a price and an intent lead to the action of what they belong to', () => {
  for (const [said, rule] of [
    ['do you polish teeth', 'fact-polishing'],
    ['how much is a cleaning', 'fact-cleaning-price'],
    ['which treatments are there', 'intent-overview'],
  ] as const) {
    const call = new Conversation(bundle);
    call.state = { ...call.state, noSelling: true };
    expect(call.says(said)).toContain('Shall I find you a time?');
    expect(call.rule).toBe(rule);
  }
});

test("a built-in intent takes the playbook's examples", () => {
  const call = new Conversation({ ...bundle, flow: ['appointment'] });
  call.says('i want my teeth cleaned');
  expect(call.rule).toBe('caller-wants-appointment');
});

test('a question is only asked of callers who gave the answer it waits for', () => {
  const asking = { ...bundle, flow: ['color', 'shade'] };
  expect(new Conversation(asking).says('red')).toContain('A dark one?');
  const other = new Conversation(asking);
  other.says("i don't know");
  expect(other.said).not.toContain('A dark one?');
  expect(other.asked).toBe('anything-else');
});

test('a mere yes or no means the option that says so, but only to its question', () => {
  const asking = { ...bundle, flow: ['color', 'shade', 'appointment'] };
  const call = new Conversation(asking);
  call.says('red', 'yes');
  expect(call.lead.answers['shade']).toMatchObject({ value: 'dark' });
  call.says('yes');
  expect(call.lead.answers['shade']).toMatchObject({ value: 'dark' });
  const other = new Conversation(asking);
  other.says('yes', 'red', 'no thanks');
  expect(other.lead.answers['shade']).toMatchObject({ value: 'light' });
});
