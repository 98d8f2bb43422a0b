import { expect, test } from 'vitest';
import { spokenOf } from './spoken.ts';

test.each([
  ['between $8,500 and $16,000', 'between eight thousand five hundred dollars and sixteen thousand dollars'],
  ['$129 a month', 'one hundred twenty nine dollars a month'],
  ['$4.50', 'four dollars and fifty cents'],
  ['from 8 AM to 5:30 PM.', 'from eight A M to five thirty P M.'],
  ['at 12:05 pm', 'at twelve oh five P M'],
  ['call 303-555-0100', 'call three zero three, five five five, zero one zero zero'],
  ['since 2004', 'since two thousand four'],
  ['in 1998', 'in nineteen ninety eight'],
  ['a 30-year warranty', 'a thirty year warranty'],
  ['2,000 square feet', 'two thousand square feet'],
  ['2000 square feet', 'two thousand square feet'],
  ['December 3rd', 'December third'],
  ['3.5%', 'three point five percent'],
  ['24/7', 'twenty four seven'],
  ['an e-mail', 'an email'],
  ['nothing to change', 'nothing to change'],
])('%s', (text, spoken) => {
  expect(spokenOf(text)).toBe(spoken);
});
