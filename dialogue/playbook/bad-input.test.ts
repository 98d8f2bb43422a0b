import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';

vi.setConfig({ testTimeout: 120_000 });

type Files = readonly { path: string; text: string }[];

/** What is said of a playbook; null when it is good. */
async function problems(files: Files): Promise<string[] | null> {
  try {
    await compilePlaybook(files);
    return null;
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(({ file, line, message }) => `${file}:${line} ${message}`);
  }
}

const withText = (path: string, text: string): Files => [...smallPlaybook(), { path, text }];

describe('a playbook that nobody would write', () => {
  test('without files', async () => {
    expect(await problems([])).toEqual(['playbook:1 The playbook is empty: there is no file in it.']);
  });

  test('with empty files', async () => {
    expect(await problems([{ path: 'a.yaml', text: '' }])).toContain('a.yaml:1 Missing section "business".');
    expect(await problems([{ path: 'a.yaml', text: '# nothing yet\n' }])).toContain(
      'a.yaml:1 Missing section "facts".',
    );
  });

  test('with anchors that grow without end', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`,
    );
    const found = await problems(withText('bomb.yaml', ['a0: &a0 [x]', ...levels].join('\n')));
    expect(found?.[0]).toMatch(/^bomb\.yaml:1 The file cannot be read as YAML: Excessive alias count/);
  });

  test('with an anchor that holds itself', async () => {
    const found = await problems(smallPlaybook({ facts: 'facts: &facts [*facts]' }));
    expect(found?.[0]).toMatch(/^facts\.yaml:1 /);
  });

  test('with brackets thousands deep, in YAML and in a template', async () => {
    const deepYaml = await problems(withText('deep.yaml', `lists: ${'['.repeat(50_000)}`));
    expect(deepYaml?.[0]).toMatch(/^deep\.yaml:1 /);
    const template = `${'('.repeat(100)}a${')'.repeat(100)}`;
    const found = await problems(
      smallPlaybook({ facts: `facts: [{ id: a, kind: policy, says: A., examples: ["${template}", b, c] }]` }),
    );
    expect(found).toEqual([expect.stringContaining('brackets stand 9 deep; at most 8 are allowed.')]);
  });

  test('with a template of more sentences than stars', async () => {
    const template = '(a|b|c|d|e|f|g|h|i|j)'.repeat(18);
    const found = await problems(
      smallPlaybook({ facts: `facts: [{ id: a, kind: policy, says: A., examples: ["${template}", b, c] }]` }),
    );
    expect(found).toEqual([expect.stringContaining('at most 1000000 are allowed.')]);
  });

  test('that is huge', async () => {
    expect(await problems(withText('huge.yaml', `# ${'x'.repeat(200_000)}`))).toEqual([
      'huge.yaml:1 The file has 200002 characters; at most 200000 are read.',
    ]);
    const files = Array.from({ length: 101 }, (_, at) => ({ path: `${at}.yaml`, text: '' }));
    expect(await problems(files)).toEqual(['0.yaml:1 There are 101 files; a playbook has at most 100.']);
    const large = Array.from({ length: 8 }, (_, at) => ({ path: `${at}.yaml`, text: `# ${'x'.repeat(150_000)}` }));
    expect(await problems(large)).toEqual([
      '0.yaml:1 The files have 1200016 characters together; at most 1000000 are read.',
    ]);
  });

  test('in a locale that is not known', async () => {
    await expect(compilePlaybook(smallPlaybook({ locale: 'locale: en-UK' }))).rejects.toMatchObject({
      issues: [{ file: 'locale.yaml', message: 'There is no locale "en-UK".', suggestion: 'did you mean "en-US"?' }],
    });
    await expect(compilePlaybook(smallPlaybook({ locale: 'locale: xx' }))).rejects.toBeInstanceOf(PlaybookError);
    await expect(compilePlaybook(smallPlaybook({ locale: 'locale: english please' }))).rejects.toBeInstanceOf(
      PlaybookError,
    );
  });

  test('in another language, with English left in it', async () => {
    const { bundle, warnings } = await compilePlaybook(
      smallPlaybook({
        locale: 'locale: es-US',
        greeting: 'greeting: Abrimos a las 8 de la tarde.',
        wording: 'wording: { goodbye: Gracias por llamar. }',
      }),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('"es-US" needs cloud speech and a language model.'),
      expect.stringMatching(/^\d+ sentences of the engine's own are still English: ask-name, /),
    ]);
    expect(bundle.greeting).toEqual([{ text: 'Abrimos a las 8 de la tarde.' }]);
  });

  test('with thousands of examples', async () => {
    const examples = Array.from({ length: 5_001 }, (_, at) => `e${at.toString(36)}`).join(', ');
    const facts = `facts: [{ id: a, kind: policy, says: A., examples: [${examples}] }]`;
    expect(await problems(smallPlaybook({ facts }))).toEqual([
      'facts.yaml:1 There are 5001 examples; at most 5000 are learnt from.',
    ]);
  });

  test('with names that JavaScript has a meaning for', async () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(await problems(withText('odd.yaml', `${name}: 1`))).toEqual([`odd.yaml:1 Unknown field "${name}".`]);
      const facts = `facts: [{ id: a, kind: policy, says: A., examples: ["about {${name}}", b, c] }]`;
      expect(await problems(smallPlaybook({ facts }))).toEqual([
        `facts.yaml:1 "about {${name}}": there is no list named "${name}".`,
      ]);
    }
  });
});

describe('the same words for two things', () => {
  const facts = (first: string, second: string) => `facts:
  - { id: parking, kind: policy, says: You can park here., examples: [${first}] }
  - { id: garage, kind: policy, says: We have a garage., examples: [${second}] }`;

  test('are an error when all of them are the same, in whatever order', async () => {
    const changes = {
      facts: facts(
        'where can i park, is there parking, "(can|may) i park"',
        'may i park, is there parking, where can i park, can i park',
      ),
    };
    expect(await problems(smallPlaybook(changes))).toEqual([
      'facts.yaml:3 "garage" and "parking" have the same examples.',
    ]);
  });

  test('are a warning when some are', async () => {
    const few = facts(
      'where can i park, is there parking, may i park',
      'is there a garage, is there parking, garage please',
    );
    const many = facts(
      'where can i park, is there parking, may i park',
      'where can i park, is there parking, garage please',
    );
    for (const [text, message] of [
      [few, '"is there parking" is an example of "garage" and "parking".'],
      [many, '"garage" and "parking" have nearly the same examples, as "where can i park".'],
    ] as const) {
      const { warnings } = await compilePlaybook(smallPlaybook({ facts: text }));
      expect(warnings.map((warning) => warning.message)).toEqual([message]);
    }
  });

  test('are a warning when one of them is built in', async () => {
    const { warnings } = await compilePlaybook(
      smallPlaybook({
        facts: facts('who are you, is there parking, may i park', 'is there a garage, garage please, a garage'),
      }),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      '"who are you" is an example of "parking" and "identity (built in)".',
    ]);
  });

  test('are fine for the answers to different questions', async () => {
    const question = (id: string) =>
      `  - { id: ${id}, label: ${id}, type: choice, ask: Which ${id}?, options: [{ id: large, label: Large, phrases: [large] }] }`;
    const { warnings } = await compilePlaybook(
      smallPlaybook({
        questions: `questions:\n${question('size')}\n${question('amount')}`,
        flow: 'flow: [size, amount]',
      }),
    );
    expect(warnings).toEqual([]);
  });
});

describe('whatever stands in the files, compiling gives a bundle or a PlaybookError', () => {
  const sections = smallPlaybook().map(({ path }) => path.replace('.yaml', ''));

  test('any value in the place of a section', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sections, 'voice', 'intents', 'objections', 'wording', 'lists'),
        fc.jsonValue(),
        async (section, value) => {
          await problems(smallPlaybook({ [section]: JSON.stringify({ [section]: value }) }));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('any text cut out, doubled or put in', async () => {
    const files = smallPlaybook();
    const odd = fc.oneof(
      fc.string(),
      fc.constantFrom('&a', '*a', '!!binary ', '- ', ': ', '{', '[', '"', '\t', '\u0000', '|', '(a|b', '{x}', '<<: *a'),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), fc.nat(), fc.nat(40), odd, async (which, from, length, text) => {
        const changed = files.map((file, index) => {
          const start = from % (file.text.length + 1);
          return index === which
            ? { ...file, text: file.text.slice(0, start) + text + file.text.slice(start + length) }
            : file;
        });
        await problems(changed);
      }),
      { numRuns: 40 },
    );
  });
});
