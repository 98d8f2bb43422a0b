import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { mayDial } from './dial-plan.ts';
import { Trunk } from './trunk.ts';

const issues = (trunk: unknown): string[] => {
  const result = v.safeParse(Trunk, trunk);
  return result.success ? [] : result.issues.map(({ message }) => message);
};

describe('a trunk that is called', () => {
  test.each([
    ['sip.example.com', { host: 'sip.example.com', port: undefined, transport: undefined }],
    ['192.0.2.5:5080', { host: '192.0.2.5', port: 5_080, transport: undefined }],
    ['sip.example.com:5061;tls', { host: 'sip.example.com', port: 5_061, transport: 'TLS' }],
    ['[2001:db8::1]:5060;transport=TCP', { host: '2001:db8::1', port: 5_060, transport: 'TCP' }],
  ])('has the address %s', (address, parsed) => {
    expect(v.parse(Trunk, { name: 'carrier', address }).address).toEqual(parsed);
  });

  test.each([
    [{ name: 'a', address: 'sip.example.com:99999' }, /must be a host/],
    [{ name: 'a', address: 'sip.example.com;sctp' }, /must be a host/],
    [{ name: 'a', address: 'b', dial: ['+1 720'] }, /X is any digit/],
    [{ name: 'a', address: 'b', dial: [''] }, /must/],
    [{ name: 'a', address: 'b', register: true }, /needs an address and an account to register/],
    [{ name: 'a', addresses: ['192.0.2.1'], register: true, account: { username: 'u', password: 'p' } }, /to register/],
    [{ name: 'a' }, /needs addresses, a login or an address/],
    [{ name: 'a', address: 'b', maxCalls: 0 }, /Expected >=1/],
  ])('%j is refused', (trunk, why) => {
    expect(issues(trunk).join('; ')).toMatch(why);
  });
});

test.each([
  ['+17205550100', ['+1720XXXXXXX'], true],
  ['+1720555010', ['+1720XXXXXXX'], false],
  ['+172055501000', ['+1720XXXXXXX'], false],
  ['+1720555010a', ['+1720XXXXXXX'], false],
  ['+441632960000', ['2XX', '+44.'], true],
  ['+44', ['+44.'], false],
  ['211', ['2XX'], true],
  ['sales', ['sales'], true],
  ['anything', ['.'], true],
  ['anything', [], false],
])('%s is within %j: %j', (user, patterns, may) => {
  expect(mayDial(user, patterns)).toBe(may);
});
