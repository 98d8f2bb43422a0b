import { describe, expect, test } from 'vitest';
import { Conversation, slot } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';

const bundle = await demoBundle();
const call = (start: { callerNumber?: string } = {}) => new Conversation(bundle, {}, start);
const qualified = ['i need a new roof', 'about two thousand square feet', 'next month', 'around fifteen thousand'];
const reachable = [...qualified, 'susan miller', 'three oh three five five five oh one two three', 'yes'];
const told = (c: Conversation) =>
  c.acts.filter(({ type }) => type === 'answer').map((act) => 'about' in act && act.about);

describe('how much, without saying what', () => {
  test.each(['how much is it', 'and how much does that cost', "what's the price", 'um what would that cost me'])(
    'is the price of what was just told: %s',
    (text) => {
      const repair = call();
      repair.says('my roof is leaking', text);
      expect(told(repair)).toEqual(['price-repair']);
      const roof = call();
      roof.says('i need a new roof', text);
      expect(told(roof)).toEqual(['price-new-roof']);
    },
  );

  test('follows the caller from one thing to the next', () => {
    const c = call();
    c.says('i need a new roof', 'can i get a metal roof', 'how much is that');
    expect(told(c)).toEqual(['price-new-roof']);
    c.says('what do you charge for fixing a leak', 'how much was that');
    expect(told(c)).toEqual(['price-repair']);
  });

  test('means nothing else when it names something', () => {
    const c = call();
    c.says('my roof is leaking', 'how much does a new roof cost');
    expect(told(c)).toEqual(['price-new-roof']);
  });
});

describe('a question that leans on the one before', () => {
  test.each(['what about repairs', 'and a repair', 'how about repairs'])('%s', (text) => {
    const c = call();
    c.says('how much does a new roof cost', text);
    expect(told(c)).toEqual(['price-repair']);
  });

  test.each(['and on saturday', 'what about sundays', 'and on weekends'])('%s', (text) => {
    const c = call();
    c.says('when are you open', text);
    expect(told(c)).toEqual(['opening-hours']);
    expect(c.lead.answers['timeline']).toBeUndefined();
  });

  test('leans on nothing where nothing was asked', () => {
    const c = call();
    c.says('and on saturday');
    expect(told(c)).toEqual([]);
  });

  test('to offered times it is a time', () => {
    const c = call();
    c.says('when are you open', ...reachable, 'yes please', 'what about friday');
    expect(c.rule).toBe('look-for-other-times');
  });
});

describe('of several', () => {
  test.each([
    ['the second one', 'repair'],
    ['the last one', 'inspection'],
    ['number one', 'new-roof'],
  ])('%s is that of the options as they were said', (text, option) => {
    const c = call();
    c.says('the cat is on the table');
    expect(c.said).toContain('Is it a new roof, a repair, or an inspection?');
    c.says(text);
    expect(c.lead.answers['need']?.value).toBe(option);
  });

  test('of offered times it is a time', () => {
    const c = call();
    c.says(...reachable, 'yes', 'the second one');
    expect(c.state.appointment.chosen).toEqual(slot(24, 14));
  });

  test('"no, wednesday" to a time that was repeated', () => {
    const c = call();
    c.says(...reachable, 'yes', 'the first one', 'no wednesday');
    expect(c.state.appointment.chosen).toEqual(slot(25, 9));
  });
});

describe('the number that the caller calls from', () => {
  const callerNumber = '+13035550166';

  test.each(["same number i'm calling from", 'this number is fine', "the one i'm calling from"])(
    'is the one that the carrier shows: %s',
    (text) => {
      const c = call({ callerNumber });
      c.says(...qualified, 'susan miller', text);
      expect(c.lead.phone).toBe(callerNumber);
      expect(c.state.phoneConfirmed).toBe(true);
    },
  );

  test('also after another one was wanted', () => {
    const c = call({ callerNumber });
    c.says(...qualified, 'susan miller', 'no', "actually take the number i'm calling from");
    expect(c.lead.phone).toBe(callerNumber);
  });

  test('is not made up where the carrier shows none', () => {
    const c = call();
    c.says(...qualified, 'susan miller', "the number i'm calling from");
    expect(c.lead.phone).toBeUndefined();
    expect(c.asked).toBe('contact');
  });
});

describe('a question beside an answer', () => {
  test('is answered, and the answer counts', () => {
    const c = call();
    c.says(...reachable, 'yes', 'the second one and is the inspection really free');
    expect(told(c)).toEqual(['free-inspection']);
    expect(c.state.appointment.chosen).toEqual(slot(24, 14));
    expect(c.asked).toBe('confirm-slot');
  });

  test('two questions get two answers', () => {
    const c = call();
    c.says('how much does a new roof cost and how long is the warranty');
    expect(c.lead.askedAbout.toSorted()).toEqual(['price-new-roof', 'warranty']);
  });
});
