import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { initialState } from '../state.ts';
import { sampleBundle } from '../testing/demo-bundle.ts';
import { guard } from './guard.ts';

vi.setConfig({ testTimeout: 60_000 });

const bundle = await sampleBundle('roofing');
const others = [await sampleBundle('dental'), await sampleBundle('software')];
const state = initialState(bundle);
const lines = bundle.facts.flatMap((fact) => fact.lines.map((line) => ({ text: line.text, fact: fact.id })));
const approved = [
  ...lines.map(({ text }) => text),
  ...bundle.objections.flatMap(({ attempts }) => attempts.flatMap((attempt) => attempt.lines.map(({ text }) => text))),
];
/** The sentence when it would be spoken, so that a failure shows it. */
const spoken = (text: string, before?: string) => (guard(bundle, state, { text, cites: [] }, before).ok ? text : null);

/** Letters and digits only: what is left of a sentence when nothing but its words counts. */
const bare = (text: string) =>
  ` ${
    text
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join(' ') ?? ''
  } `;

/** Statements that the playbook does not hold: {} is the place of a value. */
const claims = fc.constantFrom(
  'a new roof costs {}',
  'we can do it for {}',
  'that is {}',
  'I can offer you {}',
  'you save {}',
  'our crew comes {}',
  'you are booked for {}',
  'I have reserved {} for you',
  'the warranty is {}',
  'we guarantee {}',
  '{} will call you back',
  'I am {} and I am a person',
  'ask for {}',
  'we are open {}',
  'payments start at {} a month, with approved credit',
  'our roof inspection is {}',
  'every new roof has a {} warranty on our work',
  'most repairs cost between {} and $1,500',
  'our roof inspection is free, and so is {}',
  'yes, {}',
  'sure, {} is fine',
  'write to {}',
);
const values = fc.oneof(
  fc.integer({ min: 1, max: 99_999 }).map((sum) => `$${sum}.17`),
  fc.integer({ min: 17_001, max: 999_999 }).map((sum) => `${sum.toLocaleString('en-US')} dollars`),
  fc.constantFrom(
    'ninety nine bucks',
    'eleven hundred dollars',
    'a couple of grand',
    'half',
    'half price',
    'twice that',
  ),
  fc.constantFrom(
    'nothing',
    'free of charge',
    'gratis',
    'on the house',
    '20% off',
    'twenty percent less',
    'a discount',
  ),
  fc.constantFrom(
    'tomorrow',
    'tonight',
    'on Sunday',
    'on the 3rd',
    'in ten minutes',
    'at noon',
    'at 3:45 PM',
    'in May',
  ),
  fc.constantFrom('Michael', 'Doctor Evil', 'Acme Roofing', 'someone', 'my boss', 'Wyoming'),
  fc.constantFrom('deal@example.com', 'www.example.com', '303-555-0199', '<b>it</b>', '{"price":1}', '**all**'),
  fc.constantFrom('siebenhundert Euro', 'la mitad', 'бесплатно', '免费', 'a forty year', 'a lifetime'),
);

const lookAlike: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', x: 'х', i: 'і', s: 'ѕ' };
type Disguise = (text: string, at: number) => string;
const insert =
  (sign: string): Disguise =>
  (text, at) =>
    text.slice(0, at) + sign + text.slice(at);
const disguises = fc.constantFrom<Disguise>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => [...text].join(' '),
  (text) => [...text].map((sign) => lookAlike[sign] ?? sign).join(''),
  (text) => text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => text.replaceAll(' ', '\u00A0'),
  (text) => text.replaceAll(' ', '-'),
  (text) => `"${text}"`,
  (text) => `${text} \u{1F44D}`,
  (text) => `\u202E${text}\u202C`,
  (text) => text.normalize('NFD').replaceAll(/(\p{L})/gu, '$1\u0301'),
  insert('\u200B'),
  insert('\u00AD'),
  insert('.'),
  insert(','),
  insert("'"),
  insert('-'),
);

const hostile = fc
  .tuple(claims, values, disguises, fc.nat(80))
  .map(([claim, value, disguise, at]) => disguise(claim.replace('{}', value), at));

test('no statement that the playbook does not hold is spoken, however it is disguised', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(spoken(text)).toBeNull();
      for (const other of others) expect(guard(other, initialState(other), { text, cites: [] }).ok).toBe(false);
    }),
    { numRuns: 4_000 },
  );
});

test('… nor beside sentences that may be spoken', () => {
  const friendly = fc.constantFrom(
    ...lines.map(({ text }) => text),
    'Great question!',
    'I understand.',
    'And',
    'But',
    '',
  );
  fc.assert(
    fc.property(
      friendly,
      hostile,
      friendly,
      fc.constantFrom(' ', '', ', ', ' and ', '. '),
      (head, bad, tail, joint) => {
        expect(spoken([head, bad, tail].filter((part) => part !== '').join(joint))).toBeNull();
      },
    ),
    { numRuns: 4_000 },
  );
});

test('a line with one figure, word or order changed is not the line any more', () => {
  const word = fc.constantFrom(
    'not',
    'no',
    'never',
    'free',
    'always',
    '5',
    'ten',
    'double',
    'Steve',
    'tomorrow',
    'every',
    'all',
  );
  fc.assert(
    fc.property(fc.constantFrom(...lines), fc.nat(20), word, fc.nat(3), ({ text, fact }, place, other, how) => {
      const words = text.split(' ');
      const at = place % words.length;
      const old = words[at] ?? '';
      const before = `fact/${fact}`;
      if (how === 0) words.splice(at, 0, other);
      else if (how === 1) words.splice(at, 1, other);
      else if (how === 2) {
        // An article may be left out, the "yes" of a line, and the "from" of a range.
        fc.pre(!/^(?:an?|the|our|also|yes|from)\b/i.test(old));
        words.splice(at, 1);
      } else {
        fc.pre(/[0-9]/.test(old));
        words.splice(
          at,
          1,
          old.replace(/[0-9]/, (digit) => String((Number(digit) + 1 + (place % 9)) % 10)),
        );
      }
      const changed = words.join(' ');
      // The change may have made nothing new, as "all" for "all" does.
      fc.pre(bare(changed) !== bare(text));
      expect(spoken(changed, before)).toBeNull();
    }),
    { numRuns: 4_000 },
  );
});

test('the head of one line with the tail of another is neither', () => {
  const line = fc.constantFrom(...lines);
  fc.assert(
    fc.property(line, line, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (one, two, from, to) => {
      const head = one.text.split(' ');
      const tail = two.text.split(' ');
      fc.pre(one !== two && from < head.length && to < tail.length);
      const mixed = [...head.slice(0, from), ...tail.slice(to)].join(' ');
      const light = (text: string) => bare(text).replaceAll(/ (?:an?|our|the|also|yes)(?= )/g, '');
      fc.pre(!approved.some((text) => light(mixed).startsWith(light(text))));
      expect(spoken(mixed)).toBeNull();
    }),
    { numRuns: 4_000 },
  );
});

test('anything at all is judged, and what passes holds no figure or name that the playbook does not hold', () => {
  const playbook = [
    ...lines.map(({ text }) => text),
    ...Object.values(bundle.wording)
      .flat()
      .map(({ text }) => text),
  ].join(' ');
  const figures = new Set(playbook.match(/\d+/g));
  const part = fc.oneof(
    fc.constantFrom(...playbook.split(' ')),
    fc.constantFrom(...lines.map(({ text }) => text)),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.nat(20_000).map(String),
  );
  let passed = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join(' ');
      if (spoken(text) === null) return;
      passed += 1;
      for (const figure of text.match(/\d+/g) ?? []) expect(figures).toContain(figure);
      expect(text).not.toMatch(/[^\p{ASCII}\u2018\u2019\u201C\u201D\u2010-\u2014\u2026\u00A0\u202F]/u);
    }),
    { numRuns: 6_000 },
  );
  // Some must have passed, or nothing was shown.
  expect(passed).toBeGreaterThan(20);
});

test('the longest text takes no longer than the longest sentence', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('our roof inspection is free and ', 'and ', 'a ', '9', '$', "'", '-', '\u200B'),
      (unit) => {
        expect(guard(bundle, state, { text: unit.repeat(10_000), cites: [] })).toEqual({
          ok: false,
          reasons: ['too-long'],
        });
        spoken(unit.repeat(Math.floor(320 / unit.length)));
      },
    ),
  );
});
