import { expect, test } from 'vitest';
import { callerNumberOf, toE164 } from './phone-number.ts';

test.each([
  ['+17205550199', '1', '+17205550199'],
  ['17205550199', '1', '+17205550199'],
  ['720-555-0199', '1', '+17205550199'],
  ['0041 44 668 18 00', '1', '+41446681800'],
  ['0446681800', '41', '+41446681800'],
  ['030 12345678', '49', '+493012345678'],
  ['anonymous', '1', undefined],
  ['100', '1', undefined],
  ['', '1', undefined],
  ['+0123456789', '1', undefined],
])('%j in +%s is %s', (text, countryCode, number) => expect(toE164(text, countryCode)).toBe(number));

const invite = (...headers: [string, string][]) => ({
  kind: 'request' as const,
  method: 'INVITE',
  uri: 'sip:a@b',
  headers: headers.map(([name, value]) => ({ name, value })),
  body: new Uint8Array(),
});

test('what the trunk asserts goes before what the caller says; a private number stays private', () => {
  const from: [string, string] = ['from', '"Ada" <sip:7205550111@pbx>;tag=1'];
  const asserted: [string, string] = ['p-asserted-identity', '<tel:+17205550199;ext=4>'];
  expect(callerNumberOf(invite(from), '1')).toBe('+17205550111');
  expect(callerNumberOf(invite(from, asserted), '1')).toBe('+17205550199');
  expect(callerNumberOf(invite(from, asserted, ['privacy', 'id']), '1')).toBeUndefined();
  expect(callerNumberOf(invite(['from', 'Anonymous <sip:anonymous@anonymous.invalid>']), '1')).toBeUndefined();
});
