import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { DecisionRecord } from '../contract/decision.ts';
import { Lead } from '../contract/lead.ts';
import { Conversation } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';

vi.setConfig({ testTimeout: 120_000 });

const bundle = await demoBundle();
const naughty = new URL('../../shared/data/security/blns.json', import.meta.url);
const qualified = ['i need a new roof', 'about two thousand square feet', 'next month', 'around fifteen thousand'];

/** Each question that a call can stand at: what is said there means something else. */
const places: readonly (readonly string[])[] = [
  [],
  ['i need a new roof'],
  qualified,
  [...qualified, 'susan miller'],
  [...qualified, 'susan miller', 'three oh three five five five oh one two three'],
  [...qualified, 'susan miller', 'jane at example dot com', 'yes', 'yes'],
];

/** Says it at one place; the agent must answer, and what is kept must be what the contract takes. */
function assertSurvives(text: string, place: readonly string[], typed: boolean): void {
  const c = new Conversation(bundle, {}, { typed });
  c.says(...place, text);
  expect(c.acts.some((act) => 'sentences' in act || act.type === 'end')).toBe(true);
  v.assert(Lead, JSON.parse(JSON.stringify(c.lead)));
  const record = c.steps.findLast((each) => each.record?.trigger === 'caller-said')?.record;
  v.assert(DecisionRecord, record);
}

describe.each([
  ['spoken', false],
  ['typed', true],
])('%s', (_, typed) => {
  test.each([
    ['ten thousand words', 'roof and how much is '.repeat(2_000)],
    ['ten thousand digits', 'nine '.repeat(10_000)],
    ['ten thousand names', 'susan miller '.repeat(5_000)],
    ['ten thousand at signs', 'a@'.repeat(5_000)],
    ['ten thousand dots', '.'.repeat(10_000)],
    ['ten thousand days', 'tuesday at ten '.repeat(3_334)],
    ['emoji', '👩‍👩‍👧‍👦🏠🔨'.repeat(500)],
    ['marks on marks', `a${'\u0301'.repeat(4_000)}`],
    ['half a character', '\uD83D'],
    ['nothing', ''],
    ['white space', ' \t\n\u2028\u00A0'.repeat(500)],
    ['names of what every object has', '__proto__ constructor toString hasOwnProperty'],
  ])('%s, at any question', (__, text) => {
    for (const place of places) assertSurvives(text, place, typed);
  });

  test.skipIf(!existsSync(naughty))('the big list of naughty strings (needs ../shared/data/security)', () => {
    const strings = v.parse(v.array(v.string()), JSON.parse(readFileSync(naughty, 'utf8')));
    expect(strings.length).toBeGreaterThan(400);
    strings.forEach((text, index) => assertSurvives(text, places[index % places.length]!, typed));
  });
});

test('more words than are recorded change nothing', () => {
  const answer = (words: number) => {
    const c = new Conversation(bundle);
    c.says('la '.repeat(words));
    return [c.said, c.lead];
  };
  expect(answer(100_000)).toEqual(answer(2_000));
});
