import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const keys = { PARLEY_NODE_KEY: 'n'.repeat(32), PARLEY_SESSION_KEY: 's'.repeat(32) };

test('readConfig() needs only the two keys', () => {
  expect(readConfig(keys)).toMatchObject({ PARLEY_SIGNALING_PORT: 8788, PARLEY_HOST: '127.0.0.1' });
});

test('readConfig() names every variable at fault at once', () => {
  const read = (): unknown => readConfig({ PARLEY_NODE_KEY: 'short', PARLEY_RTC_PORT: 'abc' });
  expect(read).toThrow(/PARLEY_NODE_KEY must be set, to at least 32 characters/);
  expect(read).toThrow(/PARLEY_RTC_PORT must be a port number/);
  expect(read).toThrow(/PARLEY_SESSION_KEY must be set/);
});
