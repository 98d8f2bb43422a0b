import { describe, expect, test } from 'vitest';
import { initialState } from '../state.ts';
import { step } from '../step.ts';
import { mondayMs } from '../testing/conversation.ts';
import { sampleBundle, type Sample } from '../testing/demo-bundle.ts';

/** What the agent says to the last of these, and by which rule. */
async function reply(sample: Sample, ...texts: string[]) {
  const bundle = await sampleBundle(sample);
  const nowMs = mondayMs;
  let { state } = step(bundle, initialState(bundle), { type: 'call-start', nowMs, disclosed: true, typed: false });
  let last: ReturnType<typeof step> | undefined;
  for (const text of texts) {
    last = step(bundle, state, { type: 'caller-said', nowMs, text, confidence: 0.9, alternatives: [], typed: false });
    ({ state } = last);
  }
  const said = last?.acts.flatMap((act) => ('sentences' in act ? act.sentences : [])).map(({ text }) => text);
  return { rule: last?.record?.chosen.rule, said: said?.join(' '), heard: last?.record?.heard?.text, state };
}

describe('a turn of which something was taken out', () => {
  test.each(['[card number removed]', 'my pin is [secret removed]', 'my social is [id number removed]'])(
    'is not asked for again: %s',
    async (text) => {
      const { rule, said, heard } = await reply('roofing', text);
      expect(rule).toBe('not-kept');
      expect(said).toMatch(/I have not kept it\. .+\?$/);
      expect(heard).toBe(text);
    },
  );

  test('is answered where the rest of it is an answer', async () => {
    const { rule } = await reply('roofing', 'i need a new roof and my card is [card number removed]');
    expect(rule).toBe('answer-need');
  });

  test('is nobody’s name', async () => {
    const { state } = await reply(
      'roofing',
      'a new roof',
      '2000 square feet',
      'this month',
      'yes',
      '[card number removed]',
    );
    expect(JSON.stringify(state)).not.toMatch(/removed/i);
  });
});
