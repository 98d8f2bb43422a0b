import { describe, expect, test, vi } from 'vitest';
import { compilePlaybook } from './playbook/compile.ts';
import { Conversation } from './testing/conversation.ts';
import { sampleBundle, sampleFiles, type Sample } from './testing/demo-bundle.ts';

// Compiling trains a classifier: a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const samples: readonly Sample[] = ['roofing', 'dental', 'software'];

test.each(samples)('the %s playbook compiles without warnings', async (sample) => {
  expect((await compilePlaybook(sampleFiles(sample))).warnings).toEqual([]);
});

describe('a dental practice', async () => {
  const bundle = await sampleBundle('dental');

  test('a toothache is qualified and booked without a word about insurance', () => {
    const call = new Conversation(bundle);
    expect(call.says('i have a terrible toothache')).toContain('Have you been to Maple Street Dental before?');
    expect(call.says('no')).toContain('How soon would you like to be seen?');
    call.says('as soon as possible', 'mary jones', 'five oh three five five five oh one nine nine', 'yes');
    call.says('yes please', 'the first one');
    expect(call.says('yes')).toContain('You are booked.');
    expect(call.lead).toMatchObject({
      name: 'Mary Jones',
      phone: '+15035550199',
      stage: 'booked',
      answers: { need: { value: 'toothache' }, patient: { value: 'new' }, timeline: { value: 'now' } },
    });
    expect(call.lead.answers['insured']).toBeUndefined();
    expect(call.outcome).toBe('appointment-booked');
  });

  test('a checkup asks for insurance, and a mere no is an answer', () => {
    const call = new Conversation(bundle);
    expect(call.says("i'm looking for a new dentist", 'yes')).toContain('Do you have dental insurance?');
    call.says('no');
    expect(call.lead.answers['insured']).toMatchObject({ value: 'none', display: 'Pays without insurance' });
  });

  test('prices are told as the graph holds them, and cited', () => {
    const call = new Conversation(bundle);
    expect(call.says('how much is a crown')).toContain('A crown costs between $1,100 and $1,500.');
    expect(call.steps.at(-1)?.record?.cites).toEqual(['price-treatment']);
  });

  test.each([
    ['how many ibuprofen can i take', 'medical-advice'],
    ["my gum won't stop bleeding since the extraction", 'after-treatment'],
  ])('"%s" is not answered but goes to a dentist', (said, topic) => {
    const call = new Conversation(bundle);
    call.says(said);
    expect(call.rule).toBe(`high-stakes-${topic}`);
    expect(call.did).not.toContain('answer');
    expect(call.acts.find((act) => act.type === 'transfer')).toMatchObject({ to: { id: 'ortiz' } });
  });

  test('fear of the dentist is met twice and then left alone', () => {
    const call = new Conversation(bundle);
    expect(call.says('dentists scare me')).toContain('we take our time');
    expect(call.says('i always panic at the dentist')).toContain('laughing gas');
    expect(call.says("i'm too nervous to come")).toContain('there is no pressure at all');
    expect(call.lead.objections).toEqual([{ id: 'afraid', attempts: 2, outcome: 'stood' }]);
  });
});

describe('a software company', async () => {
  const bundle = await sampleBundle('software');

  test('a team is qualified and gets a demo', () => {
    const call = new Conversation(bundle);
    expect(call.says("we're looking for a shared inbox for our support team")).toContain('How many people');
    expect(call.says('how much is it per user')).toContain('The Team plan costs $29 per user a month.');
    call.says('twelve people', 'we share one gmail account', 'next month', 'john miller');
    call.says('john dot miller at gmail dot com', 'yes', 'yes', 'the second one');
    expect(call.says('yes')).toContain('You are booked.');
    expect(call.lead).toMatchObject({
      email: 'john.miller@gmail.com',
      stage: 'booked',
      answers: {
        'team-size': { value: 12 },
        'current-tool': { value: 'mailbox' },
        timeline: { value: 'this-quarter' },
      },
    });
  });

  test('names that the recogniser has to spell out are understood as it hears them', () => {
    const call = new Conversation(bundle);
    call.says("we're replacing our help desk", 'about forty people');
    expect(call.asked).toBe('current-tool');
    call.says('we use zen desk');
    expect(call.lead.answers['current-tool']).toMatchObject({ value: 'help-desk' });
    expect(call.says('do you support s s o')).toContain('Single sign-on with SAML is part of the Business plan.');
    expect(bundle.speech.words).not.toContain('zendesk');
  });

  test('a security incident goes to the security team', () => {
    const call = new Conversation(bundle);
    call.says('we want to report a ransom ware attack');
    expect(call.rule).toBe('high-stakes-security-incident');
    expect(call.acts.find((act) => act.type === 'transfer')).toMatchObject({ to: { id: 'sam' } });
  });

  test('an answer leads on to what hangs together with it', () => {
    const call = new Conversation(bundle);
    call.says("we're just looking", "we're just looking");
    expect(call.says('is our data secure')).toContain('Would you like to know where data is kept?');
    expect(call.says('yes')).toContain('in the United States or in Europe');
  });
});
