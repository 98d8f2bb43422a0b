import { describe, expect, test, vi } from 'vitest';
import { demoFiles, demoBundle } from '../testing/demo-bundle.ts';
import { parseBundle } from './bundle.ts';
import { contentHash } from './content-hash.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';

// Compiling trains a classifier: a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const bundle = await demoBundle();

async function issuesOf(...changes: readonly (readonly [from: string, to: string])[]) {
  const files = demoFiles.map(({ path, text }) => ({
    path,
    text: changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
  }));
  const error = await compilePlaybook(files).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlaybookError)) throw new Error('The playbook compiled.');
  return error.issues;
}

const lineOf = (path: string, text: string): number => {
  const file = demoFiles.find((candidate) => candidate.path === path)?.text ?? '';
  return file.slice(0, file.indexOf(text)).split('\n').length;
};

describe('a good playbook', () => {
  test('compiles without warnings, and to the same hash whatever the order of its files', async () => {
    const again = await compilePlaybook([...demoFiles].reverse());
    expect(again.warnings).toEqual([]);
    expect(again.bundle).toEqual(bundle);
  });

  test('changes its hash with any sentence', async () => {
    const changed = await compilePlaybook(
      demoFiles.map(({ path, text }) => ({ path, text: text.replace('within 40 miles', 'within 50 miles') })),
    );
    expect(changed.bundle.hash).not.toBe(bundle.hash);
  });

  test('a bundle that was tampered with is refused', async () => {
    const json: unknown = JSON.parse(JSON.stringify(bundle));
    expect(await parseBundle(json)).toEqual(bundle);
    const text = JSON.stringify(bundle).replace('10-year warranty', '99-year warranty');
    await expect(parseBundle(JSON.parse(text))).rejects.toThrow('damaged');
  });

  test('a bundle of an older compiler still parses', async () => {
    const { graph: _, intents: __, voice: ___, hash: ____, ...older } = bundle;
    const parsed = await parseBundle({ ...older, hash: await contentHash(older) });
    expect(parsed.graph).toEqual({ nodes: [], edges: [] });
    expect(parsed.facts).toEqual(bundle.facts);
  });

  test('what callers may say is plain lower-case words, and plenty', () => {
    expect(bundle.speech.phrases.length).toBeGreaterThan(5_000);
    for (const phrase of bundle.speech.phrases) expect(phrase).toMatch(/^[a-z' ]+$/);
    const text = ` ${bundle.speech.phrases.join(' | ')} `;
    const digits = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
    for (const a of digits) for (const b of digits) for (const c of digits) expect(text).toContain(` ${a} ${b} ${c} `);
    for (const said of [
      'double',
      'triple',
      'underscore',
      "o'clock",
      'susan',
      'miller',
      'twenty fourth',
      'gmail dot com',
      'do you work in denver',
    ])
      expect(text).toContain(` ${said} `);
  });

  test('the voice is given no digits, dollar signs or abbreviations', () => {
    for (const sentence of bundle.speech.approved) expect(sentence).not.toMatch(/[\d$%@]/);
    expect(bundle.speech.approved).toContain(
      'A new asphalt roof usually costs between eight thousand five hundred dollars and sixteen thousand dollars.',
    );
    expect(bundle.speech.approved).toContain('We are open Monday to Friday from eight A M to five P M.');
  });
});

describe('a playbook with mistakes names file, line and field', () => {
  test('an unknown field', async () => {
    expect(await issuesOf(['    says:\n      - Our roof', '    sayz:\n      - Our roof'])).toEqual([
      {
        file: 'knowledge.yaml',
        line: lineOf('knowledge.yaml', 'says:\n      - Our roof'),
        field: 'facts[2].sayz',
        message: 'Unknown field "sayz".',
        suggestion: 'did you mean "says"?',
      },
    ]);
  });

  test('a wrong type', async () => {
    expect(await issuesOf(['durationMin: 60', 'durationMin: sixty'])).toEqual([
      {
        file: 'scheduling.yaml',
        line: lineOf('scheduling.yaml', 'durationMin'),
        field: 'scheduling.services[0].durationMin',
        message: 'Expected a number, found "sixty".',
      },
    ]);
  });

  test('a duplicate id, an unknown reference and a broken template, all at once', async () => {
    const issues = await issuesOf(
      ['id: permits', 'id: warranty'],
      ['relatesTo: [price-new-roof, warranty]', 'relatesTo: [price-new-rof, warranty]'],
      ['"what about permits"', '"what (about permits"'],
    );
    expect(issues.map(({ field, message, suggestion }) => [field, message, suggestion])).toEqual([
      [
        'facts[13].id',
        'The id "warranty" is taken.',
        `first used at knowledge.yaml:${lineOf('knowledge.yaml', 'id: warranty')}`,
      ],
      ['facts[3].relatesTo[0]', 'There is no fact "price-new-rof".', 'did you mean "price-new-roof"?'],
      ['facts[13].examples[2]', expect.stringContaining('is not closed'), 'use (a|b), [optional] and {list}'],
    ]);
  });

  test('empty examples, a missing section and a wrong word of several', async () => {
    const issues = await issuesOf(
      ['type: timeline', 'type: timelin'],
      ['greeting:\n  - Hi, this is Robin from Ridgeline Roofing.\n', ''],
    );
    expect(issues.map(({ file, field, suggestion }) => [file, field, suggestion])).toEqual([
      [expect.any(String), 'greeting', 'add "greeting:" to one of the files'],
      ['conversation.yaml', 'questions[2].type', 'did you mean "timeline"?'],
    ]);
  });

  test('problems of shape and of reference are told together', async () => {
    const issues = await issuesOf(
      ['durationMin: 60', 'durationMin: sixty'],
      ['cites: [financing]', 'cites: [finance]'],
    );
    expect(issues.map(({ field }) => field)).toEqual([
      'scheduling.services[0].durationMin',
      'objections[0].attempts[1].cites[0]',
    ]);
  });

  test('YAML that cannot be read', async () => {
    const issues = await issuesOf(['  name: Ridgeline Roofing', '  name: "Ridgeline Roofing']);
    expect(issues[0]).toMatchObject({ file: 'business.yaml' });
    expect(issues[0]?.line).toBeGreaterThan(1);
  });
});
