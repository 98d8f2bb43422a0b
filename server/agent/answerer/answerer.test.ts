import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Answerer, type Verdict } from './answerer.ts';
import { evidenceIn } from './greeting-words.ts';

const windowMs = 32;

/** Plays stretches of speech, tone and silence, in ms, with words where speech ends. Returns each verdict and its time. */
function play(
  parts: readonly (['speech', number, string?] | ['tone', number] | ['silence', number])[],
  answerer = new Answerer(0),
): (Verdict & { atMs: number })[] {
  const verdicts: (Verdict & { atMs: number })[] = [];
  let atMs = 0;
  const note = (verdict: Verdict | undefined): void => {
    if (verdict) verdicts.push({ ...verdict, atMs });
  };
  for (const [kind, lengthMs, words] of parts) {
    for (let doneMs = 0; doneMs < lengthMs; doneMs += windowMs) {
      atMs += windowMs;
      note(answerer.hear({ atMs, speech: kind === 'speech', tone: kind === 'tone' }));
    }
    if (words !== undefined) note(answerer.words(words, atMs));
  }
  return verdicts;
}

describe('a person', () => {
  test.each([
    ['hello', 400],
    ['good morning this is susan', 1_500],
    ['', 700],
  ])('"%s" and a pause is one, half a second later', (words, lengthMs) => {
    const [verdict] = play([
      ['silence', 300],
      ['speech', lengthMs, words],
      ['silence', 1_000],
    ]);
    expect(verdict).toMatchObject({ who: 'person' });
    expect(verdict?.afterMs).toBeLessThan(lengthMs + 600);
  });

  test('who talks on without a word of a machine is one after 2.2 s', () => {
    const [verdict] = play([
      ['silence', 300],
      ['speech', 5_000],
    ]);
    expect(verdict).toMatchObject({ who: 'person', why: 'no sign of a machine' });
    expect(verdict?.afterMs).toBeLessThan(2_300);
  });

  test('who says nothing is spoken to', () => {
    expect(play([['silence', 4_000]])).toMatchObject([{ who: 'person', why: 'silence' }]);
  });

  test('who answers for a business as a machine might is waited for a little longer', () => {
    const verdicts = play([
      ['speech', 1_400, "you've reached miller plumbing"],
      ['silence', 1_500],
    ]);
    expect(verdicts).toMatchObject([{ who: 'person' }]);
    expect(verdicts[0]?.atMs).toBeGreaterThan(2_500);
  });
});

describe('a machine', () => {
  test('gives itself away by its words, and listens after its beep', () => {
    const answerer = new Answerer(0);
    const heard = play([['speech', 1_200, "i can't take your call right now"]], answerer);
    expect(heard).toMatchObject([{ who: 'machine' }]);
    play(
      [
        ['speech', 2_000, 'leave a message after the tone'],
        ['silence', 400],
      ],
      answerer,
    );
    expect(answerer.listensToMessage).toBe(false);
  });

  test.each([
    [
      [
        ['tone', 400],
        ['silence', 192],
      ],
      true,
    ],
    [
      [
        ['tone', 400],
        ['silence', 64],
      ],
      false,
    ],
    [[['silence', 2_400]], false],
    [[['silence', 2_600]], true],
    [
      [
        ['tone', 400],
        ['silence', 320],
        ['speech', 900],
        ['silence', 320],
      ],
      false,
    ],
  ] as const)('after %j it listens: %s', (parts, listens) => {
    const answerer = new Answerer(0);
    const after = parts.map(([kind, ms]): ['tone' | 'silence', number] | ['speech', number] => [kind, ms]);
    play([['speech', 2_016, 'please leave a message'], ...after], answerer);
    expect(answerer.listensToMessage).toBe(listens);
  });

  test('that was taken for a person is put right by its words or its beep', () => {
    const byWords = play([
      ['speech', 500, 'hello'],
      ['silence', 600],
      ['speech', 900, 'leave a message'],
    ]);
    expect(byWords.map(({ who }) => who)).toEqual(['person', 'machine']);
    const byBeep = play([
      ['speech', 2_600],
      ['silence', 500],
      ['tone', 300],
    ]);
    expect(byBeep.map(({ who }) => who)).toEqual(['person', 'machine']);
  });

  test('a person who has listened to us is none, whatever their words sound like', () => {
    const words = play([
      ['speech', 500, 'hello'],
      ['silence', 2_500],
      ['speech', 900, 'leave a message'],
    ]);
    expect(words.map(({ who }) => who)).toEqual(['person']);
  });

  test('nobody is taken for one in the middle of a conversation', () => {
    const late = play([
      ['speech', 500, 'hello'],
      ['silence', 26_000],
      ['speech', 900, 'leave a message'],
    ]);
    expect(late.map(({ who }) => who)).toEqual(['person']);
  });
});

describe('an assistant that screens calls', () => {
  test('asks for a name, and is told it once it is silent', () => {
    const answerer = new Answerer(0);
    expect(play([['speech', 2_000, "record your name and i'll see"]], answerer)).toMatchObject([{ who: 'screening' }]);
    expect(answerer.listensToName).toBe(false);
    for (let atMs = 2_032; atMs < 2_600; atMs += windowMs) answerer.hear({ atMs, speech: false, tone: false });
    expect(answerer.listensToName).toBe(true);
  });

  test('puts us through: its own words are not the person’s', () => {
    const answerer = new Answerer(0, { screened: true });
    const verdicts = play(
      [
        ['speech', 900],
        ['silence', 64],
        ['speech', 64, 'please stay on the line'],
        ['silence', 9_000],
        ['speech', 320, 'hello'],
        ['silence', 600],
      ],
      answerer,
    );
    expect(verdicts).toMatchObject([{ who: 'person' }]);
    expect(verdicts[0]?.atMs).toBeGreaterThan(10_000);
  });

  test('that takes a message after all is a machine', () => {
    const answerer = new Answerer(0, { screened: true });
    expect(play([['speech', 900, 'please leave a message after the tone']], answerer)).toMatchObject([
      { who: 'machine' },
    ]);
  });
});

test.each([
  ['hello', 'none'],
  ["you've reached susan", 'maybe-machine'],
  ['please leave a message after the tone', 'machine'],
  ["say your name and why you're calling", 'screening'],
  ['stay on the line', 'on-hold'],
  ['sleeve a messages', 'none'],
])('"%s" is evidence of: %s', (text, evidence) => {
  expect(evidenceIn(text)).toBe(evidence);
});

test('whatever is heard, there is a verdict in time, at most one is put right, and a machine stays one', () => {
  const part = fc.oneof(
    fc.tuple(
      fc.constant('speech' as const),
      fc.integer({ min: 32, max: 4_000 }),
      fc.constantFrom('', 'hello', 'mailbox', 'state your name'),
    ),
    fc.tuple(fc.constantFrom('tone' as const, 'silence' as const), fc.integer({ min: 32, max: 3_000 })),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const verdicts = play([...parts, ['silence', 4_000]]);
      expect(verdicts.length).toBeGreaterThan(0);
      expect(verdicts.length).toBeLessThanOrEqual(3);
      const machineAt = verdicts.findIndex(({ who }) => who === 'machine');
      if (machineAt >= 0) expect(machineAt).toBe(verdicts.length - 1);
      for (const { who, afterMs } of verdicts.slice(0, 1)) if (who === 'person') expect(afterMs).toBeLessThan(3_600);
    }),
    { numRuns: 100 },
  );
});
