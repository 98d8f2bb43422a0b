import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Conversation } from '../testing/conversation.ts';
import { smallPlaybook } from '../testing/small-playbook.ts';
import { parseBundle } from './bundle.ts';
import { compilePlaybook, PlaybookError } from './compile.ts';
import { contentHash } from './content-hash.ts';
import { applyLocale, localesOf, matchLocale } from './localize.ts';

// Compiling trains a classifier: half a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const base = {
  facts: `facts:
  - id: apples
    kind: price
    says: Apples cost $3.
    price: { amount: 3 }
    examples: [what do apples cost, how much are apples, price of apples]
  - id: pears
    kind: price
    says: Pears cost $4.
    price: { amount: 4 }
    relatesTo: [apples]
    examples: [what do pears cost, how much are pears, price of pears]`,
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
    attempts: [{ says: Good apples are $3., cites: [apples] }]
    stepBack: I understand.`,
  flow: 'flow: [color, name]',
  voice: 'voice: { forbidden: [cheap, barato] }',
};
const locales = `locales:
  es:
    greeting: Bienvenido. ¿Cómo está?
    disclosure: { text: Contesta una IA., spoken: Soy un asistente de IA. }
    wording: { goodbye: Adiós. }
    facts: { apples: { says: Las manzanas cuestan $3. } }
    questions: { color: { ask: ¿Qué color? } }
    objections: { price: { attempts: [{ says: Las buenas cuestan $3. }] } }
  en-GB:
    questions: { color: { ask: Which colour? } }`;

const { bundle: plain } = await compilePlaybook(smallPlaybook(base));
const { bundle } = await compilePlaybook(smallPlaybook({ ...base, locales }));

async function found(written: string): Promise<string[]> {
  try {
    const { warnings } = await compilePlaybook(smallPlaybook({ ...base, locales: `locales:\n  ${written}` }));
    return warnings.map(({ message }) => `warning: ${message}`);
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return error.issues.map(
      ({ line, field, message, suggestion }) => `${line} ${field} ${message} (${suggestion ?? ''})`,
    );
  }
}

describe('a locale', () => {
  test('changes words, and nothing else', () => {
    const spanish = applyLocale(bundle, 'es');
    const call = new Conversation(spanish);
    expect(call.said).toBe('Bienvenido. ¿Cómo está? ¿Qué color?');
    expect(call.says('how much are apples')).toContain('Las manzanas cuestan $3.');
    expect(call.says('how much are pears')).toContain('Pears cost $4.');
    expect(call.says('no thank you goodbye')).toBe('Adiós.');
    expect(spanish.disclosure).toEqual({ version: '1', text: 'Contesta una IA.' });
    expect(spanish.spokenDisclosure).toEqual([{ text: 'Soy un asistente de IA.' }]);
    expect(spanish.objections[0]).toMatchObject({
      attempts: [{ lines: [{ text: 'Las buenas cuestan $3.' }], cites: ['apples'] }],
      stepBack: [{ text: 'I understand.' }],
    });
    expect(spanish.questions[0]?.options).toEqual(bundle.questions[0]?.options);
  });

  test('is a patch: the bundle keeps its name, and what is translated alone stands in it', async () => {
    expect(applyLocale(bundle, 'es')).toMatchObject({ hash: bundle.hash, locale: 'es' });
    expect(applyLocale(bundle, 'es')).toBe(applyLocale(bundle, 'es'));
    const { locales: patches, ...rest } = bundle;
    expect(patches?.map(({ patch }) => patch.facts.map(({ id }) => id))).toEqual([['apples'], []]);
    expect(Object.keys(patches?.[0]?.patch.wording ?? {})).toEqual(['goodbye']);
    // Without them it is the playbook as it was, but for the sentence that the English voice says as well.
    const speech = { ...rest.speech, approved: rest.speech.approved.filter((line) => line !== 'Which colour?') };
    expect(await contentHash({ ...rest, speech })).toBe(plain.hash);
    expect(plain).not.toHaveProperty('locales');
  });

  test('has its sentences synthesised ahead where the embedded voice speaks them', () => {
    expect(bundle.speech.approved).toContain('Which colour?');
    expect(bundle.speech.approved.join(' ')).not.toContain('manzanas');
  });

  test('survives the way to a media node', async () => {
    const json: unknown = JSON.parse(JSON.stringify(bundle));
    expect(applyLocale(await parseBundle(json), 'es').greeting[0]?.text).toBe('Bienvenido.');
  });

  test('that the playbook does not have is the playbook itself', async () => {
    const tags = fc.stringMatching(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/);
    fc.assert(
      fc.property(fc.oneof(tags, fc.string(), fc.constantFrom('es', 'en-GB', 'en-US', '__proto__')), (tag) => {
        const known = localesOf(bundle);
        const applied = applyLocale(bundle, tag);
        expect(applied.hash).toBe(bundle.hash);
        expect(applied === bundle).toBe(!known.slice(1).includes(tag));
        expect(known).toContain(matchLocale(known, tag));
      }),
    );
    expect(await contentHash(bundle)).toBe(bundle.hash);
  });
});

test.each([
  ['es', 'es'],
  ['ES', 'es'],
  ['es-MX', 'es-MX'],
  ['es-AR', 'es'],
  ['pt', 'pt-BR'],
  ['en', 'en-US'],
  ['en-AU', 'en-US'],
  ['en-gb', 'en-GB'],
  ['ja', 'en-US'],
  ['', 'en-US'],
])('a visitor who wants "%s" gets %s', (wanted, locale) => {
  expect(matchLocale(['en-US', 'es-MX', 'es', 'pt-BR', 'en-GB'], wanted)).toBe(locale);
});

describe('a locale is checked like the playbook', () => {
  test.each([
    ['es-MC: {}', '2 locales.es-MC There is no locale "es-MC". (did you mean "es-MX"?)'],
    ['en-US: {}', '2 locales.en-US "en-US" is the playbook\'s own locale. (write these sentences in their sections)'],
    [
      'es: { facts: { aples: { says: Hola. } } }',
      '2 locales.es.facts.aples There is no fact "aples". (did you mean "apples"?)',
    ],
    [
      'es: { questions: { colour: { ask: Hola. } } }',
      '2 locales.es.questions.colour There is no question "colour". (did you mean "color"?)',
    ],
    [
      'es: { objections: { prise: { stepBack: Hola. } } }',
      '2 locales.es.objections.prise There is no objection "prise". (did you mean "price"?)',
    ],
    [
      'es: { objections: { price: { attempts: [] } } }',
      '2 locales.es.objections.price.attempts There are 0 answers, and 1 in the playbook. (translate each, in the same order)',
    ],
    [
      'es: { greeting: Es barato. }',
      '2 locales.es.greeting "Es barato." has the forbidden phrase "barato". (say it in other words)',
    ],
    [
      'es: { facts: { pears: { says: Las peras cuestan $3. } } }',
      '2 locales.es.facts.pears.says "Las peras cuestan $3." does not name the sums of "Pears cost $4.". (name 4 USD, in digits with the currency\'s sign, as $120)',
    ],
    [
      'es: { objections: { price: { attempts: [{ says: Son buenas. }] } } }',
      '2 locales.es.objections.price.attempts[0].says "Son buenas." does not name the sums of "Good apples are $3.". (name 3 USD, in digits with the currency\'s sign, as $120)',
    ],
    [
      'es: { flow: [name] }',
      '2 locales.es.flow Unknown field "flow". (known fields: greeting, wording, disclosure, facts, questions, objections)',
    ],
  ])('%s', async (written, problem) => {
    expect((await found(written)).map((each) => each.replace(/ \(\)$/, ''))).toEqual([problem]);
  });

  test('a sum that no fact has is told as in the playbook', async () => {
    const problems = await found('es: { facts: { apples: { says: Las manzanas cuestan $7. } } }');
    expect(problems[0]).toContain('"Las manzanas cuestan $7." names 7 USD, which is no price of apples');
  });

  test('what is missing in another language is one warning, in another country none', async () => {
    const [cloud, missing, ...more] = await found('es: { greeting: Hola. }');
    expect(cloud).toContain('"es" needs cloud speech and a language model');
    expect(missing).toMatch(/^warning: \d+ sentences are said in en-US still: disclosure.text, disclosure.spoken/);
    expect(missing).toContain('facts.apples.says, facts.pears.says, questions.color.ask, objections.price.attempts');
    expect(missing).toContain('wording.goodbye');
    expect(more).toEqual([]);
    expect(await found('en-GB: { greeting: Hello. }')).toEqual([]);
  });
});
