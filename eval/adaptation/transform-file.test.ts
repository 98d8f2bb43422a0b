import { expect, test } from 'vitest';
import { telephoneTransform, transformText } from '../../server/provider/pocketsphinx/telephone-transform.ts';
import { parseTransform } from './transform-file.ts';

test('what the product writes for its decoder is read back', () => {
  expect(parseTransform(transformText(telephoneTransform))).toEqual(telephoneTransform);
});

test.each([
  ['2\n1\n1\n1\n0\n1\n', 'must have one class: it has 2'],
  ['1\n1\n2\n1 0\n0', 'must have a number at place 7'],
  ['1\n1\n1\n1\nx\n1\n', 'must have a number at place 5'],
  ['1\n1\n1\n1\n0\n0.5\n', 'must leave the variances'],
  ['1\n1\n1\n1\n0\n1\n7\n', 'must end after 6 numbers'],
  ['1\n1\n1e9\n', 'number of features of a transform must be 1 to 100'],
])('%j is none: it %s', (text, message) => {
  expect(() => parseTransform(text)).toThrow(message);
});
