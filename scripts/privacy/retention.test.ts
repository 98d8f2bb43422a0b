import { expect, test } from 'vitest';
import { defaultRetention, type RetentionRules } from '../../contract/privacy.ts';
import { standIn } from '../command/stand-in.ts';
import { changedRules, changeRetention, formatChange, formatRetention } from './retention.ts';

const { all, regions } = defaultRetention;
const present = { transcripts: 1 };
const controlPlane = standIn(({ path, body }) => {
  if (path === 'GET retention') return { body: defaultRetention };
  if (path === 'POST retention/preview') return { body: { proposed: { transcripts: 4, recordings: 1 }, present } };
  return path === 'PUT retention' ? { body } : undefined;
});

test('it is a line for all, and one for each region with days of its own', () => {
  const some = { transcripts: 365, recordings: null, contacts: 1, events: 1, deliveries: 1, inbox: 1 };
  expect(formatRetention({ all: some, regions: { eu: { transcripts: 180 } } })).toBe(
    'all  transcripts 365 days, recordings for ever, contacts 1 days, events 1 days, deliveries 1 days, inbox 1 days\n' +
      'eu   transcripts 180 days\n',
  );
});

test('a change is looked at first, and made only when that is said', async () => {
  const wish = { words: ['set', 'transcripts', '90'] };
  const looked = await changeRetention(controlPlane.source(), wish, { yes: false });
  expect(formatChange(looked)).toBe(
    [
      'all  transcripts: 365 days -> 90 days',
      'Too old because of it, and deleted for good:',
      '  calls that lose what was said: 3',
      '  calls that lose their recording: 1',
      'Nothing was changed. To do it, say the same again with --yes.\n',
    ].join('\n'),
  );
  expect(controlPlane.asked.map(({ path }) => path)).toEqual(['GET retention', 'POST retention/preview']);
  const made = await changeRetention(controlPlane.source(), wish, { yes: true });
  const rules = { all: { ...all, transcripts: 90 }, regions };
  expect(controlPlane.asked.at(-1)).toEqual({ path: 'PUT retention', body: rules });
  expect(made.rules).toEqual(rules);
  expect(formatChange(made)).toContain('It is so from now on.');
});

test('nothing that is kept may become too old, and nothing may change', () => {
  const none = { proposed: present, present, before: defaultRetention, applied: false };
  const longer = { all: { ...all, transcripts: null }, regions };
  expect(formatChange({ ...none, rules: longer })).toBe(
    'all  transcripts: 365 days -> for ever\nNothing that is kept now is too old because of it.\n' +
      'Nothing was changed. To do it, say the same again with --yes.\n',
  );
  expect(formatChange({ ...none, rules: defaultRetention })).toBe('That is how it is already. Nothing was changed.\n');
});

const changed: RetentionRules = { all: { ...all, inbox: null, events: 5 }, regions: { na: { events: 7 } } };

test.each<[string, string | undefined, RetentionRules]>([
  ['set inbox 7', undefined, { ...changed, all: { ...changed.all, inbox: 7 } }],
  ['set events forever', 'na', { ...changed, regions: { na: { events: null } } }],
  ['set recordings 14', 'eu', { ...changed, regions: { na: { events: 7 }, eu: { recordings: 14 } } }],
  ['reset', undefined, defaultRetention],
  ['reset', 'na', { ...changed, regions: {} }],
  ['reset', 'eu', { ...changed, regions: { ...changed.regions, ...regions } }],
  ['reset events', undefined, { ...changed, all: { ...changed.all, events: all.events } }],
  ['reset events', 'na', { ...changed, regions: {} }],
  ['reset contacts', 'eu', { ...changed, regions: { ...changed.regions, eu: { contacts: 730 } } }],
])('%s, of %s', (typed, region, rules) => {
  expect(changedRules(changed, { words: typed.split(' '), region })).toEqual(rules);
});

test.each([
  ['set voices 5', undefined, 'no "voices" to keep. Known: transcripts, recordings'],
  ['set events 0', undefined, '"0" is no number of days'],
  ['set events -3', undefined, '"-3" is no number of days'],
  ['set events 1e3', undefined, '"1e3" is no number of days'],
  ['set events 36501', undefined, '"36501" is no number of days'],
  ['set events', undefined, 'retention set CLASS DAYS'],
  ['set events 5 6', undefined, 'retention set CLASS DAYS'],
  ['reset events 5', undefined, 'retention set CLASS DAYS'],
  ['delete', undefined, 'There is no "retention delete"'],
  ['set events 5', 'atlantis', 'no region "atlantis". Known: af'],
  ['set inbox 5', 'eu', 'go by no region'],
])('"%s" of %s is named as wrong', (typed, region, why) => {
  expect(() => changedRules(defaultRetention, { words: typed.split(' '), region })).toThrow(why);
});
