import { describe, expect, test } from 'vitest';
import { Conversation } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();

function onThePhone(start: { callerNumber?: string; keypad?: boolean } = {}): Conversation {
  const call = new Conversation(bundle, {}, { ...start, narrowband: true });
  call.says('can someone call me back');
  return call;
}

describe('a number on a telephone line', () => {
  test('is taken in pieces, each read back', () => {
    const c = onThePhone();
    expect(c.asked).toBe('number-piece');
    expect(c.state.expecting).toMatchObject({ kind: 'dictation', digits: 3, exceptDigits: ['0', '1'] });
    expect(c.says('three oh three')).toBe('3 0 3. Is that right?');
    expect(c.says('yes')).toContain('next three digits');
    expect(c.says('five five five', 'yes')).toContain('last four digits');
    c.says('oh one two three', 'yes');
    expect(c.lead.phone).toBe('+13035550123');
    expect(c.state.phoneConfirmed).toBe(true);
  });

  test('a browser call is not asked for pieces', () => {
    const c = new Conversation(bundle);
    c.says('can someone call me back');
    expect(c.asked).toBe('contact');
  });

  test('what was denied is not read back again', () => {
    const c = onThePhone();
    expect(c.says('eight oh three', 'no')).toContain('heard that wrong');
    expect(c.state.expecting.exceptDigits).toContain('803');
    expect(c.says('eight oh three')).toContain("didn't catch");
    expect(c.asked).toBe('number-piece');
  });

  test.each([
    ['no three oh three', '3 0 3'],
    ["no it's three not eight", '3 0 3'],
  ])('"%s" puts a piece right', (said, readBack) => {
    const c = onThePhone();
    c.says('eight oh three');
    expect(c.says(said)).toContain(readBack);
    expect(c.says('yes')).toContain('next three digits');
  });

  test('after two failures fewer digits are asked for, and the rest of the piece after them', () => {
    const c = onThePhone();
    c.says('eight oh three', 'no', 'eight two three');
    expect(c.says('no')).toContain('only the first two digits');
    c.says('three oh');
    expect(c.says('yes')).toContain('only the next digit');
    c.says('three');
    expect(c.says('yes')).toContain('next three digits');
  });

  test('the keypad is offered when the line has one, and takes the whole number', () => {
    const without = onThePhone();
    expect(without.says('eight oh three', 'no', 'eight two three', 'no')).not.toContain('keypad');
    const c = onThePhone({ keypad: true });
    expect(c.says('eight oh three', 'no', 'eight two three', 'no')).toContain('keypad');
    expect(c.says('3035550123')).toContain('303-555-0123');
    c.says('yes');
    expect(c.lead.phone).toBe('+13035550123');
  });

  test('a number that cannot be called is begun again', () => {
    const c = onThePhone();
    c.says('three oh three', 'yes');
    expect(c.says('one five five')).toContain("didn't catch");
    expect(c.state.phoneConfirmed).toBe(false);
  });

  test('is given up after six failures, not asked for without end', () => {
    const c = onThePhone();
    for (let times = 0; times < 6; times += 1) c.says('one one');
    expect(c.state.skipped).toContain('contact');
    expect(c.asked).not.toBe('number-piece');
  });

  test('a caller may keep the number they call from, or give another one', () => {
    const kept = onThePhone({ callerNumber: '+17205550199' });
    kept.says('yes');
    expect(kept.lead.phone).toBe('+17205550199');
    const other = onThePhone({ callerNumber: '+17205550199' });
    other.says('no');
    expect(other.asked).toBe('number-piece');
  });
});
