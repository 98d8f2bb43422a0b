import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HandoverFailure } from '../contract/handover.ts';
import { defaultEscalation } from './playbook/default-escalation.ts';
import { expand } from './playbook/expand.ts';
import type { Bundle } from './playbook/bundle.ts';
import { Conversation, mondayMs, slot, type Tools } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';
import { closingTimeMs } from './decide/routing.ts';

const bundle = await demoBundle();
const call = (tools: Tools = {}, other: Bundle = bundle) => new Conversation(other, tools);
const withRule = (id: string, change: object): Bundle => ({
  ...bundle,
  escalation: (bundle.escalation ?? []).map((rule) => (rule.id === id ? { ...rule, ...change } : rule)),
});
const reach = ['seven two oh five five five one two one two', 'yes', 'bob jones'];

describe('asking for a person', () => {
  test('somebody free takes the call, and is only announced once they do', () => {
    const c = call({ transfer: 'accepted' });
    c.says('i need a new roof');
    c.says('can i talk to a person');
    expect(c.did).toEqual(['say', 'transfer', 'save-lead', 'say', 'join']);
    expect(c.said).toBe('One moment, I will see who is free. I am putting you through.');
    expect(c.outcome).toBe('transferred');
    expect(c.acts.find((act) => act.type === 'transfer')).toMatchObject({
      to: { id: 'dana', phone: '+13035550101' },
      reason: 'The caller asked to talk to a person',
      briefing: 'The caller asked to talk to a person\nWhat they need: New roof',
    });
  });

  test.each(['nobody-free', 'failed', 'no answer'] as const)(
    '%s: a call back, with an owner and a time',
    (transfer) => {
      const c = call({ transfer });
      expect(c.says('can i talk to a person')).toContain('Nobody is free right now.');
      expect(c.said).not.toContain('putting you through');
      c.says(...reach);
      expect(c.said).toContain('Dana from our office will call you back by Tuesday, November 24 at 5 PM.');
      expect(c.acts.find((act) => act.type === 'promise-call-back')).toMatchObject({
        owner: { id: 'dana', name: 'Dana' },
        promisedForMs: slot(24, 17).startMs,
      });
      expect(c.lead.callBack).toMatchObject({ promisedFor: 'by Tuesday, November 24 at 5 PM', owner: { id: 'dana' } });
      expect(c.outcome).toBe('call-back-promised');
    },
  );

  test('outside the opening hours nobody is tried', () => {
    const c = call();
    c.nowMs = slot(23, 20).startMs;
    c.says('can i talk to a person');
    expect(c.did).not.toContain('transfer');
    expect(c.said).toContain('Someone can call you back.');
  });

  test('nobody is tried a second time', () => {
    const c = call();
    c.says('can i talk to a person', "i'd rather not say", "i'd rather not say");
    c.says('my lawyer will call you');
    expect(c.did).not.toContain('transfer');
  });
});

describe('while a person is called', () => {
  const asked = (other: Bundle = bundle): Conversation => {
    const c = call({ transfer: 'waits' }, other);
    c.says('i need a new roof', 'can i talk to a person');
    return c;
  };
  const tell = (c: Conversation, event: { type: 'transfer-progress'; stage: 'calling' | 'ringing' | 'answered' }) => {
    c.acts = [];
    c.send({ nowMs: c.nowMs, requestId: c.state.waitingFor?.requestId ?? '', ...event });
    return c.said;
  };
  const answer = (c: Conversation, how: 'passed-on' | HandoverFailure) => {
    c.acts = [];
    c.send({ type: 'transfer-answered', nowMs: c.nowMs, requestId: c.state.waitingFor?.requestId ?? '', answer: how });
    return c.said;
  };

  test('the caller is told what happens when it happens, and never waits in silence', () => {
    const c = asked();
    expect(c.said).not.toContain('Dana');
    expect(tell(c, { type: 'transfer-progress', stage: 'calling' })).toBe('I am calling Dana from our office now.');
    expect(c.silent()).toBe('One moment, please.');
    expect(tell(c, { type: 'transfer-progress', stage: 'ringing' })).toBe('');
    expect(c.silent()).toBe('It is ringing.');
    expect(c.silent()).toBe('It is still ringing. Thank you for waiting.');
    expect(tell(c, { type: 'transfer-progress', stage: 'answered' })).toContain('Somebody has picked up.');
    for (let waits = 0; waits < 6; waits += 1) expect(c.silent()).toBe('Just a moment longer.');
    expect(c.state.ended).toBeNull();
  });

  test('the person hears who calls, what they want, why they matter and what is open', () => {
    const c = asked();
    const act = c.acts.find((each) => each.type === 'transfer');
    expect(act?.whisper.map(({ text }) => text)).toEqual([
      'Hello Dana, this is Robin, the AI assistant of Ridgeline Roofing.',
      'A caller is on the line.',
      'The caller asked to talk to a person.',
      'What they need: New roof.',
      expect.stringMatching(/^The score is \d+ of 100: /),
      expect.stringMatching(/^Not known yet: /),
    ]);
    expect(act).toMatchObject({ way: 'bridge', accept: 'key', ringMs: 20_000 });
  });

  test.each([
    ['busy', 'The line of Dana from our office is busy.'],
    ['no-answer', 'Dana from our office did not pick up.'],
    ['rejected', "Dana from our office can't take the call right now."],
    ['not-accepted', "Dana from our office can't take the call right now."],
    ['failed', 'I could not reach Dana from our office.'],
  ] as const)('%s: the caller hears the truth and is promised a call back', (how, says) => {
    const c = asked();
    expect(answer(c, how)).toContain(`${says} Nobody is free right now. Someone can call you back.`);
    c.says(...reach);
    expect(c.outcome).toBe('call-back-promised');
  });

  test('whoever has the skill is tried next, and only those who take calls at that hour', () => {
    const routing = bundle.routing;
    if (routing === undefined) throw new Error('The sample has people');
    const luis = (hours?: object[]) =>
      ({
        ...bundle,
        routing: {
          ...routing,
          people: routing.people.map((person) =>
            person.id === 'luis'
              ? {
                  ...person,
                  takesCalls: { way: 'bridge', accept: 'key', ringSeconds: 9, skills: ['asked-for-person'], hours },
                }
              : person,
          ),
        },
      }) as Bundle;
    const c = asked(luis());
    answer(c, 'busy');
    expect(c.acts.find((act) => act.type === 'transfer')).toMatchObject({ to: { id: 'luis' }, ringMs: 9_000 });
    expect(answer(c, 'no-answer')).toContain(
      'Luis from our estimating team did not pick up. Nobody is free right now.',
    );
    const never = asked(luis([]));
    expect(answer(never, 'busy')).toContain('Nobody is free right now.');
  });

  test('when the person hangs up the call ends with thanks, or goes on, as the playbook says', () => {
    const c = call({ transfer: 'accepted', personLeaves: 'after' });
    expect(c.says('can i talk to a person')).toContain(
      'I am putting you through. Thank you for calling Ridgeline Roofing. Goodbye.',
    );
    expect([c.did.at(-1), c.outcome]).toEqual(['end', 'transferred']);
    const back = { ...bundle, routing: { ...bundle.routing, afterwards: 'return' } } as Bundle;
    const d = call({ transfer: 'accepted', personLeaves: 'after' }, back);
    expect(d.says('can i talk to a person')).toContain('I am back. Is there anything else I can help you with?');
    d.says('no that is all');
    expect(d.outcome).toBe('transferred');
  });

  test('a person who is lost before they could talk has not had the call', () => {
    const c = call({ transfer: 'accepted', personLeaves: 'before' });
    expect(c.says('can i talk to a person')).toContain('I could not reach Dana from our office.');
    c.says(...reach);
    expect(c.outcome).toBe('call-back-promised');
  });

  test('when the trunk has taken the call nothing more is said', () => {
    const c = asked();
    expect(answer(c, 'passed-on')).toBe('');
    expect([c.did.at(-1), c.outcome]).toEqual(['end', 'transferred']);
  });

  test('who writes is promised a call back: nobody can be put through to them', () => {
    const c = new Conversation(bundle, { transfer: 'accepted' }, { typed: true });
    c.says('can i talk to a person');
    expect(c.did).not.toContain('transfer');
  });
});

describe('high stakes', () => {
  test.each([
    ["i'm going to sue you", 'legal'],
    ['hi how much does a new roof cost because my lawyer wants to know', 'legal'],
    ['your worker got hurt on my property', 'injury'],
    ['somebody fell off the roof', 'injury'],
    ['i smell gas in the attic', 'danger'],
    ['someone stole my data from you', 'privacy'],
    ['is it safe to stay in the house', 'structural-safety'],
    ['the ceiling is sagging', 'structural-safety'],
  ])('"%s" goes to a person', (said, topic) => {
    const c = call();
    c.says(said);
    expect(c.rule).toBe(`high-stakes-${topic}`);
    expect(c.did).toContain('transfer');
    expect(c.did).not.toContain('answer');
    c.says(...reach);
    expect(c.lead.tags).toContain(topic);
    expect(c.lead.callBack?.reason).toBe(bundle.escalation?.find(({ id }) => id === topic)?.label);
    const record = c.steps.find(({ record: each }) => each?.escalation !== undefined)?.record;
    expect(record?.escalation).toEqual({ rule: topic });
  });

  test('what is promised already is promised again with the graver reason', () => {
    const c = call();
    c.says('can i talk to a person', ...reach);
    c.says('my lawyer will write to you');
    expect(c.acts.find((act) => act.type === 'promise-call-back')).toMatchObject({ reason: 'A legal matter' });
    expect(c.lead.callBack?.reason).toBe('A legal matter');
    c.says('so can i sue you or not');
    expect(c.did).not.toContain('answer');
    expect(c.said).toContain('A person will take care of that.');
  });

  const stakes = fc.constantFrom(...(bundle.escalation ?? []).flatMap(({ phrases }) => phrases));
  const other = fc.constantFrom(
    '',
    'hi',
    'how much does a new roof cost',
    'do you have a warranty',
    'yes',
    'well i mean',
  );
  const lead = fc.constantFrom<readonly string[]>(
    [],
    ['i need a new roof', 'two thousand'],
    ['can i talk to a person', ...reach],
    ['how much does a repair cost'],
    ["i'm just looking", 'just looking thanks'],
  );
  test('every example that the engine has itself', () => {
    const examples = defaultEscalation.flatMap((rule) => (rule.when === 'high-stakes' ? rule.examples : []));
    for (const said of examples.flatMap((example) => expand(example, {}, 20))) {
      const c = call();
      c.says('i need a new roof', said);
      expect([said, c.rule?.startsWith('high-stakes-'), c.did.includes('answer')]).toEqual([said, true, false]);
    }
  });

  test('whatever else is said with it, and whenever, it is never answered', () => {
    fc.assert(
      fc.property(lead, other, stakes, other, (before, head, phrase, tail) => {
        const c = call();
        c.says(...before, `${head} ${phrase} ${tail}`.trim());
        expect(c.rule).toMatch(/^high-stakes-/);
        expect(c.did).not.toContain('answer');
        expect(c.did).not.toContain('handle-objection');
      }),
      { numRuns: 150 },
    );
  });
});

describe('other rules', () => {
  test('not understood as often as the playbook says', () => {
    const c = call({}, withRule('not-understood', { times: 3 }));
    c.says('flurble gart', 'wibble wobble');
    expect(c.asked).not.toBe('offer-call-back');
    c.says('zorp');
    expect(c.asked).toBe('offer-call-back');
    c.says('yes', ...reach);
    expect(c.lead).toMatchObject({
      callBack: { reason: 'The caller was not understood' },
      tags: ['not-understood'],
    });
  });

  test('a caller who stays unhappy is offered a person, though they answer', () => {
    const c = call();
    c.says('this is ridiculous i need a new roof');
    expect(c.asked).toBe('size');
    c.says('stupid questions two thousand square feet');
    expect(c.rule).toBe('escalate-upset');
    expect(c.asked).toBe('offer-call-back');
    expect(c.lead.answers['size']?.value).toBe(2_000);
    c.says('no');
    expect(c.asked).toBe('timeline');
  });

  test('a large deal is noted, said once, and has its own owner', () => {
    const c = call();
    c.says('i need a new roof', 'it is twenty thousand square feet');
    expect(c.said).toContain('Luis, our senior estimator, takes care of roofs of that size.');
    expect(c.asked).toBe('timeline');
    expect(c.lead).toMatchObject({ owner: { id: 'luis' }, tags: ['large-roof'] });
    expect(c.says('next month')).not.toContain('Luis');
    c.says('can i talk to a person', ...reach);
    expect(c.said).toContain('Luis from our estimating team will call you back by');
  });

  test('a large deal may fetch a person at once', () => {
    const c = call({ transfer: 'accepted' }, withRule('large-roof', { how: 'transfer' }));
    c.says('i need a new roof', 'it is twenty thousand square feet');
    expect(c.outcome).toBe('transferred');
  });

  test('an objection that stands may bring a person', () => {
    const objections = bundle.objections.map((each) =>
      each.id === 'price' ? { ...each, afterwards: 'escalate' as const } : each,
    );
    const c = call({}, { ...bundle, objections });
    c.says('i need a new roof', "that's too expensive", 'it is too expensive for me');
    expect(c.says("i can't afford that")).toContain("That's fair");
    expect(c.asked).toBe('offer-call-back');
    c.says('yes', ...reach);
    expect(c.lead.callBack?.reason).toBe('Objection: Too expensive');
  });
});

describe('routing', () => {
  test('by answers and score', () => {
    const c = call();
    c.says('we had hail damage');
    expect(c.lead.owner?.id).toBe('dana');
    c.says('two thousand', 'as soon as possible', 'fifteen thousand');
    expect(c.lead.score).toBeGreaterThanOrEqual(60);
    expect(c.lead.owner?.id).toBe('luis');
  });

  test('why a lead cannot be served is written down', () => {
    const questions = bundle.questions.map((question) => ({
      ...question,
      options: question.options.map((option) => ({ ...option, disqualifies: option.id === 'gutters' })),
    }));
    const c = call({}, { ...bundle, questions });
    c.says('i need new gutters');
    expect(c.lead).toMatchObject({ stage: 'unqualified', score: 0, disqualifiedBy: 'What they need: Gutters' });
  });

  test.each([
    ['on Monday morning, a day on', 1, mondayMs, slot(24, 17).startMs],
    ['on Monday evening, a day on', 1, slot(23, 20).startMs, slot(24, 17).startMs],
    ['on Monday morning, today', 0, mondayMs, slot(23, 17).startMs],
    ['on Monday evening, today', 0, slot(23, 20).startMs, slot(24, 17).startMs],
    ['before Thanksgiving, which is closed', 1, slot(25, 12).startMs, slot(27, 17).startMs],
    ['on Friday: Saturday closes early', 1, slot(27, 12).startMs, slot(28, 13).startMs],
    ['on Sunday', 1, slot(29, 12).startMs, slot(30, 17).startMs],
  ])('a call back is due %s', (_, days, nowMs, dueMs) => {
    expect(closingTimeMs(bundle.scheduling, days, nowMs)).toBe(dueMs);
  });

  test('a business that never opens promises no time', () => {
    expect(closingTimeMs({ ...bundle.scheduling, openingHours: [] }, 1, mondayMs)).toBeNull();
  });
});
