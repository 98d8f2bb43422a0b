import { expect, test } from 'vitest';
import { emailIn } from '../../dialogue/capture/email.ts';
import { phoneIn } from '../../dialogue/capture/phone.ts';
import { chanceOf } from './chance.ts';
import { saidDigitCorrection, saidDigits, saidEmail, saidPhone } from './said-values.ts';

test('digits are said as people say them', () => {
  expect(saidDigits('3035550', true, true)).toBe('three oh three five double five oh');
  expect(saidDigits('5501', false, true)).toBe('double five zero one');
});

test('a number said in any way is the number', () => {
  for (let seed = 0; seed < 50; seed++) {
    const text = saidPhone('+13035550142', chanceOf('a', seed), false).join(' ');
    expect(phoneIn(text, text.split(' '), true, '').phone).toBe('+13035550142');
  }
});

test('an address said is the address', () => {
  const said = saidEmail('jane.xu7@gmail.com');
  expect(said).toBe('jane dot x u seven at gmail dot com');
  expect(emailIn(said, said.split(' '), true, '').email).toBe('jane.xu7@gmail.com');
});

test('one wrong figure is put right, where it is clear which', () => {
  expect(saidDigitCorrection('+13035550142', '+13035550192')).toBe("no it's four not nine");
  expect(saidDigitCorrection('+13035550142', '+13035550112')).toBeNull();
  expect(saidDigitCorrection('+13035550142', '+13035551112')).toBeNull();
});
