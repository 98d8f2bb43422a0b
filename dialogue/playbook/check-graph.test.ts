import { describe, expect, test, vi } from 'vitest';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';

// Compiling trains a classifier: half a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

async function problems(changes: Readonly<Record<string, string>>): Promise<string[]> {
  try {
    return (await compilePlaybook(smallPlaybook(changes))).warnings.map(
      ({ file, line, message }) => `warning ${file}:${line} ${message}`,
    );
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(({ file, line, message }) => `${file}:${line} ${message}`);
  }
}

const examples = (word: string) => `examples: [what about ${word}, tell me of ${word}, ${word} please]`;

describe('the knowledge graph is checked', () => {
  test('a small good playbook has no warnings', async () => {
    expect(await problems({})).toEqual([]);
  });

  test('parts that go round in a circle are an error for each of them', async () => {
    const facts = `facts:
  - { id: a, kind: product, says: This is A., partOf: b, ${examples('apples')} }
  - { id: b, kind: product, says: This is B., partOf: a, ${examples('bananas')} }
  - { id: c, kind: product, says: This is C., partOf: a, ${examples('cherries')} }`;
    expect(await problems({ facts })).toEqual([
      'facts.yaml:2 Parts go round in a circle: a → b → a.',
      'facts.yaml:3 Parts go round in a circle: b → a → b.',
    ]);
  });

  test('questions that wait for each other are an error', async () => {
    const option = (id: string) => `options: [{ id: ${id}, label: ${id}, phrases: [${id}] }]`;
    const questions = `questions:
  - { id: color, label: Color, type: choice, ask: Which color?, when: { size: [large] }, ${option('red')} }
  - { id: size, label: Size, type: choice, ask: Which size?, when: { color: [red] }, ${option('large')} }`;
    expect(await problems({ questions, flow: 'flow: [color, size, name]' })).toEqual([
      'questions.yaml:2 Questions wait for each other: color → size → color.',
      'questions.yaml:3 Questions wait for each other: size → color → size.',
    ]);
  });

  test('a question that comes before the one it waits for is never asked', async () => {
    const questions = `questions:
  - id: color
    label: Color
    type: choice
    ask: Which color?
    when: { size: [large] }
    options: [{ id: red, label: Red, phrases: [red] }]
  - id: size
    label: Size
    type: choice
    ask: Which size?
    options: [{ id: large, label: Large, phrases: [large] }]`;
    expect(await problems({ questions, flow: 'flow: [color, size]' })).toEqual([
      'warning questions.yaml:6 "color" comes before "size" in the flow, so it is never asked.',
    ]);
    expect(await problems({ questions, flow: 'flow: [size, color]' })).toEqual([]);
  });

  test('a fact that nobody asks for and nothing leads to is warned about', async () => {
    const facts = `facts:
  - { id: a, kind: product, says: This is A., relatesTo: [b, c], ${examples('apples')} }
  - { id: b, kind: product, says: This is B., offer: Shall I tell you about B? }
  - { id: c, kind: product, says: This is C. }`;
    expect(await problems({ facts })).toEqual([
      'warning facts.yaml:4 Nobody can ask for "c", and nothing leads to it.',
    ]);
  });

  test('references to facts that do not exist are errors', async () => {
    const facts = `facts:
  - { id: apples, kind: product, says: We have apples., priceOf: [pears], partOf: aples, ${examples('apples')} }`;
    const intents = 'intents: [{ id: fruit, examples: [what fruit do you have], answers: [apple] }]';
    expect(await problems({ facts, intents })).toEqual([
      'facts.yaml:2 There is no fact "pears".',
      'facts.yaml:2 There is no fact "aples".',
      'intents.yaml:1 There is no fact "apple".',
    ]);
  });
});

describe('prices are checked', () => {
  const facts = (...more: readonly string[]) =>
    `facts:\n${more.map((fact) => `  - { ${fact}, kind: price }`).join('\n')}`;
  const apples = `id: apples, says: Apples cost $3 a pound., price: { amount: 3, per: pound }, ${examples('apples')}`;

  test('a sum that the fact does not hold is an error', async () => {
    const wrong = apples.replace('cost $3', 'cost $4');
    expect(await problems({ facts: facts(wrong) })).toEqual([
      'facts.yaml:2 "Apples cost $4 a pound." names 4 USD, which is no price of apples.',
    ]);
    expect(await problems({ facts: facts(apples) })).toEqual([]);
  });

  test('sums in words and other currencies count too', async () => {
    const euros = `id: pears, says: "Pears cost €2 or two euros and fifty cents.", price: { amount: 2, currency: EUR }, ${examples('pears')}`;
    expect(await problems({ facts: facts(euros) })).toEqual([
      'facts.yaml:2 "Pears cost €2 or two euros and fifty cents." names 2.5 EUR, which is no price of pears.',
    ]);
  });

  test('what the voice reads must name the same sums', async () => {
    const spoken = `id: figs, says: [{ text: Figs cost $12., spoken: Figs cost twenty dollars. }], price: { amount: 12 }, ${examples('figs')}`;
    expect(await problems({ facts: facts(spoken) })).toEqual([
      'facts.yaml:2 The voice would read other sums than are written: "Figs cost twenty dollars.".',
    ]);
  });

  test('any other sentence only names prices of the graph', async () => {
    const changes = { facts: facts(apples), greeting: 'greeting: Welcome. Apples are $2 today.' };
    expect(await problems(changes)).toEqual([
      'greeting.yaml:1 "Apples are $2 today." names 2 USD, which is no price of any fact.',
    ]);
  });

  test('two prices for one thing contradict each other, unless they are for different people', async () => {
    const cheap = `id: sale, says: Apples cost $2 a pound., price: { amount: 2, per: pound }, priceOf: [apples], ${examples('sales')}`;
    expect(await problems({ facts: facts(apples, cheap) })).toEqual([
      'facts.yaml:3 "apples" has two prices: 3 USD per pound and 2 USD per pound.',
    ]);
    const children = cheap.replace('per: pound', 'per: pound, for: children');
    expect(await problems({ facts: facts(apples, children) })).toEqual([]);
  });
});

describe('the brand voice is checked', () => {
  test('a forbidden phrase is found in the playbook and in what the engine says by itself', async () => {
    const changes = {
      voice: 'voice: { forbidden: [cheap, got it] }',
      greeting: 'greeting: We are Cheap as chips. Welcome.',
    };
    expect(await problems(changes)).toEqual([
      'greeting.yaml:1 "We are Cheap as chips." has the forbidden phrase "cheap".',
      'business.yaml:1 "Got it." has the forbidden phrase "got it".',
    ]);
  });

  test('parts of words are not forbidden', async () => {
    const changes = { voice: 'voice: { forbidden: [cheap] }', greeting: 'greeting: We are not cheaper.' };
    expect(await problems(changes)).toEqual([]);
  });

  test('a word is respelled for the voice', async () => {
    const { bundle } = await compilePlaybook(
      smallPlaybook({ voice: 'voice: { pronounce: { Nguyen: win } }', greeting: 'greeting: This is Nguyen and Sons.' }),
    );
    expect(bundle.greeting).toEqual([{ text: 'This is Nguyen and Sons.', spoken: 'This is win and Sons.' }]);
  });
});
