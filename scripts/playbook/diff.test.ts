import { expect, test } from 'vitest';
import { compilePlaybook } from '../../dialogue/playbook/compile.ts';
import { smallPlaybook } from '../../dialogue/testing/small-playbook.ts';
import { diffBundles, formatDiff } from './diff.ts';

const facts = (says: string, amount: number, more = '') => `facts:
  - id: apples
    kind: price
    says: ${says}
    price: { from: ${amount} }
    examples: [what do apples cost, how much are apples, price of apples${more}]`;

const bundleOf = async (changes: Readonly<Record<string, string>>) =>
  (await compilePlaybook(smallPlaybook(changes))).bundle;

const before = await bundleOf({ facts: facts('Apples start at $3.', 3) });
const after = await bundleOf({
  facts: `${facts('Apples start at $4.', 4, ', apple prices')}
  - { id: pears, kind: product, says: We have pears., relatesTo: [apples], examples: [do you have pears, pears please, any pears] }`,
  flow: 'flow: [contact, name, appointment]',
});

test('what changed is told by section, item and field', () => {
  const changes = diffBundles(before, after);
  expect(changes).toEqual(
    expect.arrayContaining([
      {
        section: 'flow',
        item: '',
        field: '',
        before: 'name, contact, appointment',
        after: 'contact, name, appointment',
      },
      { section: 'facts', item: 'apples', field: 'says', before: 'Apples start at $3.', after: 'Apples start at $4.' },
      { section: 'facts', item: 'apples', field: 'prices', before: 'from 3 USD', after: 'from 4 USD' },
      { section: 'facts', item: 'pears', field: 'says', after: 'We have pears.' },
      { section: 'graph', item: 'fact:pears', field: 'relates-to fact:apples', after: 'relates-to fact:apples' },
      { section: 'examples', item: 'fact apples', field: 'apple prices', after: 'apple prices' },
    ]),
  );
  expect(changes.map(({ field }) => field)).not.toContain('as the voice reads it');
});

test('an owner reads it with the old above the new', () => {
  expect(formatDiff(diffBundles(before, after)).split('\n').slice(0, 14)).toEqual([
    'flow',
    '  - name, contact, appointment',
    '  + contact, name, appointment',
    '',
    'facts',
    '  apples',
    '    says',
    '      - Apples start at $3.',
    '      + Apples start at $4.',
    '    prices',
    '      - from 3 USD',
    '      + from 4 USD',
    '  pears',
    '    id',
  ]);
});

test('the other way round, what was new is gone', () => {
  expect(diffBundles(after, before)).toContainEqual({
    section: 'facts',
    item: 'pears',
    field: 'says',
    before: 'We have pears.',
  });
});

test('the same playbook is the same', () => {
  expect(diffBundles(before, before)).toEqual([]);
});
