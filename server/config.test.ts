import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const keys = { PARLEY_NODE_KEY: 'n'.repeat(32), PARLEY_SESSION_KEY: 's'.repeat(32) };

test('readConfig() needs only the two keys', () => {
  expect(readConfig(keys)).toMatchObject({
    PARLEY_SIGNALING_PORT: 8788,
    PARLEY_HOST: '127.0.0.1',
    PARLEY_MAX_JOINED_MINUTES: 240,
  });
});

test('readConfig() names every variable at fault at once', () => {
  const read = (): unknown => readConfig({ PARLEY_NODE_KEY: 'short', PARLEY_RTC_PORT: 'abc' });
  expect(read).toThrow(/PARLEY_NODE_KEY must be set, to at least 32 characters/);
  expect(read).toThrow(/PARLEY_RTC_PORT must be a port number/);
  expect(read).toThrow(/PARLEY_SESSION_KEY must be set/);
});

test('without a word about engines the embedded ones speak and listen, whatever key is there', () => {
  const chosen = { PARLEY_STT: 'embedded', PARLEY_TTS: 'embedded', PARLEY_LLM: 'none' };
  expect(readConfig({ ...keys, OPENAI_API_KEY: 'sk-something' })).toMatchObject(chosen);
});

test('an engine that needs a key names its variable', () => {
  const read = (variables: Record<string, string>) => (): unknown => readConfig({ ...keys, ...variables });
  expect(read({ PARLEY_STT: 'openai' })).toThrow(/OPENAI_API_KEY must be set: PARLEY_STT is openai/);
  expect(read({ PARLEY_TTS: 'openai', PARLEY_LLM: 'openai', OPENAI_API_KEY: ' ' })).toThrow(
    /OPENAI_API_KEY must be set: PARLEY_TTS and PARLEY_LLM is openai/,
  );
  expect(read({ PARLEY_STT: 'openai', OPENAI_API_KEY: 'sk-x' })).not.toThrow();
  expect(read({ PARLEY_STT: 'whisper' })).toThrow(/PARLEY_STT must be embedded, sherpa or openai/);
  expect(read({ OPENAI_BASE_URL: 'ftp://x' })).toThrow(/OPENAI_BASE_URL must begin with http/);
});

const telephone = {
  ...keys,
  PARLEY_SIP_PORT: '5060',
  PARLEY_SIP_TRUNKS: '[{"name":"carrier","addresses":["203.0.113.0/24"]}]',
  PARLEY_PHONE_NUMBERS: '{"+17205550100":"ridgeline-roofing"}',
};

test('readConfig() reads trunks, numbers and ports of a telephone', () => {
  expect(readConfig(telephone)).toMatchObject({
    PARLEY_SIP_PORT: 5_060,
    PARLEY_SIP_TRUNKS: [{ name: 'carrier', addresses: ['203.0.113.0/24'] }],
    PARLEY_PHONE_NUMBERS: { '+17205550100': 'ridgeline-roofing' },
    PARLEY_RTP_PORTS: { from: 40_000, to: 40_399 },
  });
  expect(readConfig(keys).PARLEY_SIP_PORT).toBeUndefined();
});

test.each([
  ['PARLEY_SIP_TRUNKS', '[', /PARLEY_SIP_TRUNKS must be JSON/],
  ['PARLEY_SIP_TRUNKS', '[]', /PARLEY_SIP_TRUNKS must name at least one trunk/],
  ['PARLEY_SIP_TRUNKS', '[{"name":"x"}]', /PARLEY_SIP_TRUNKS.0 needs addresses, a login or an address/],
  ['PARLEY_SIP_TRUNKS', '[{"name":"x","addresses":["203.0.113.0/99"]}]', /must be an IP address or a network/],
  ['PARLEY_PHONE_NUMBERS', '{}', /PARLEY_PHONE_NUMBERS must have a number/],
  ['PARLEY_RTP_PORTS', '5000-4000', /PARLEY_RTP_PORTS must go up/],
  ['PARLEY_ANNOUNCED_ADDRESS', 'phone.example', /PARLEY_ANNOUNCED_ADDRESS must be an IP address/],
])('readConfig() refuses %s %s', (name, value, message) => {
  expect(() => readConfig({ ...telephone, [name]: value })).toThrow(message);
});
