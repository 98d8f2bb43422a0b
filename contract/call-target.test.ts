import { expect, it } from 'vitest';
import { calledNumber, lacksCountryCode } from './call-target.ts';

it.each([
  ['+13035550123', '+13035550123'],
  ['sip:+13035550123@sip.carrier.example', '+13035550123'],
  ['sips:+13035550123@sip.carrier.example:5061;transport=tls', '+13035550123'],
  ['sip:%2B13035550123@sip.carrier.example', '+13035550123'],
  ['sip:+1-303-555.0123@sip.carrier.example', '+13035550123'],
  ['sip:+13035550123;phone-context=x@sip.carrier.example', '+13035550123'],
  ['sip:+13035550123:secret@sip.carrier.example', '+13035550123'],
  ['sip:dana@pbx.example', 'sip:dana@pbx.example'],
  ['sip:201@pbx.example', 'sip:201@pbx.example'],
  ['sip:+0303@pbx.example', 'sip:+0303@pbx.example'],
])('knows that %s is %s', (target, number) => {
  expect(calledNumber(target)).toBe(number);
});

it.each([
  ['sip:3035550123@sip.carrier.example', true],
  ['sip:0013035550123@sip.carrier.example', true],
  ['sip:303-555-0123@sip.carrier.example', true],
  ['sip:201@pbx.example', false],
  ['sip:dana@pbx.example', false],
  ['sip:+13035550123@sip.carrier.example', false],
  ['+13035550123', false],
])('tells a number without a country code from an extension: %s, %s', (target, lacks) => {
  expect(lacksCountryCode(target)).toBe(lacks);
});
