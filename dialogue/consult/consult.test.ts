import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import type { Act } from '../../contract/act.ts';
import { DecisionRecord } from '../../contract/decision.ts';
import type { DialogueEvent } from '../event.ts';
import { Conversation } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';
import { withoutPrivateParts } from './private-parts.ts';

const bundle = await demoBundle();
const model = { id: 'test-model', prompt: '0123456789abcdef', afterMs: 120 };

/** A call on which a language model can be asked. Its answers are what a test makes of them. */
class Consulting extends Conversation {
  constructor() {
    super(bundle, {}, { languageModel: true });
  }
  get request(): Extract<Act, { type: 'consult' }> {
    const act = this.steps.flatMap(({ acts }) => acts).findLast((each) => each.type === 'consult');
    return act?.type === 'consult' ? act : expect.unreachable('nobody was consulted');
  }
  /** One event of the answer to the last question; returns what the agent says to it. */
  model(event: { meaning: object } | { text: string; cites?: readonly string[] } | 'end' | 'fail'): string {
    this.acts = [];
    const base = { nowMs: this.nowMs, requestId: this.request.requestId, model };
    if (event === 'end') this.send({ ...base, type: 'consulted' });
    else if (event === 'fail')
      this.send({ nowMs: this.nowMs, requestId: base.requestId, type: 'consult-failed', cause: 'slow' });
    else if ('meaning' in event)
      this.send({ ...base, type: 'consulted-meaning', meaning: { meanings: [], answers: [], ...event.meaning } });
    else this.send({ ...base, type: 'consulted-sentence', cites: [], ...event });
    return this.said;
  }
  get lastRecord(): DecisionRecord {
    return this.steps.findLast(({ record }) => record !== null)?.record ?? expect.unreachable('no record');
  }
}

const question = 'do you have anything for bees under the shingles?';

describe('asking a language model', () => {
  test('only what the playbook cannot answer is asked, and nothing is said meanwhile', () => {
    const c = new Consulting();
    for (const line of ['i need a new roof', 'how much is a new roof', 'about two thousand square feet']) {
      c.says(line);
      expect(c.did).not.toContain('consult');
    }
    expect(c.says(question)).toBe('');
    expect(c.did).toEqual(['consult']);
    expect(c.lastRecord.chosen).toMatchObject({ act: 'consult', rule: 'ask-the-model' });
  });

  test('the prompt holds closed lists, facts of this playbook, and the turns before', () => {
    const c = new Consulting();
    c.says('i need a new roof', question);
    const { consultation } = c.request;
    expect(consultation.heard).toBe(question);
    expect(consultation.turns.map(({ who }) => who)).toEqual(['agent', 'caller', 'agent']);
    expect(consultation.facts.length).toBeLessThanOrEqual(10);
    expect(consultation.facts.map(({ id }) => id)).toContain('materials');
    expect(consultation.meanings.map(({ id }) => id)).toContain('fact:warranty');
    expect(consultation.questions.find(({ id }) => id === 'need')?.options).toContainEqual({
      id: 'repair',
      label: 'Roof repair',
    });
    expect(JSON.stringify(consultation).length).toBeLessThan(20_000);
  });

  test('what identifies the caller stays here', () => {
    const c = new Consulting();
    c.says('i need a new roof', 'about two thousand square feet', 'next month', 'around fifteen thousand');
    c.says('susan miller', 'three oh three five five five oh one two three', 'yes');
    c.says('does susan miller get bees with that?');
    const asked = JSON.stringify(c.request.consultation);
    expect(asked).not.toMatch(/susan|miller|303|0123|oh one two/i);
    expect(c.request.consultation.heard).toBe('does [name] [name] get bees with that?');
    expect(asked).toContain('[number]');
  });

  test.each([
    ['write to jane.doe@example.com please', 'write to [address] please'],
    ['my number is 303-555-0123', 'my number is [number]'],
    ['it is +44 20 7946 0958, ok', 'it is [number], ok'],
    ['four one one one, oh one two three', '[number] '],
    ['double five three oh one', '[number] '],
    // Sizes and sums do not identify anybody.
    ['about two thousand five hundred square feet', 'about two thousand five hundred square feet'],
    ['for 12,000 dollars in 2027', 'for 12,000 dollars in 2027'],
    ['two weeks or three', 'two weeks or three'],
  ])('%s → %s', (said, sent) => {
    expect(withoutPrivateParts(said, new Conversation(bundle).lead)).toBe(sent);
  });

  test('a reply to a request for a number is not sent anywhere', () => {
    const c = new Consulting();
    c.says(
      'i need a new roof',
      'about two thousand square feet',
      'next month',
      'around fifteen thousand',
      'susan miller',
    );
    expect(c.asked).toBe('contact');
    c.says('well it is the one with blub');
    expect(c.did).not.toContain('consult');
  });

  test('without a language model the call is what it always was', () => {
    const c = new Conversation(bundle);
    expect(c.says(question)).toContain("I'm not sure about that, and I don't want to guess.");
    expect('consult' in c.state).toBe(false);
  });
});

describe('what a model understands', () => {
  test('goes through the same acts, less sure than the caller’s own words', () => {
    const c = new Consulting();
    c.says('the wet patch over my bed grows');
    expect(c.model({ meaning: { answers: [{ question: 'need', option: 'repair' }] } })).toContain(
      'how big is the roof',
    );
    expect(c.lead.answers['need']).toEqual({
      value: 'repair',
      display: 'Roof repair',
      confidence: 0.7,
      confirmed: false,
    });
    expect(c.lastRecord).toMatchObject({ trigger: 'consulted-meaning', model, chosen: { rule: 'answer-need' } });
    v.assert(DecisionRecord, c.lastRecord);
  });

  test('a fact is answered in approved words', () => {
    const c = new Consulting();
    c.says(question);
    expect(c.model({ meaning: { meanings: [{ id: 'fact:warranty', confidence: 1 }] } })).toContain('10-year warranty');
    expect(c.lastRecord.understood.intents).toContainEqual({ id: 'warranty', confidence: 0.8 });
  });

  test.each([
    { meanings: [{ id: 'fact:no-such-fact', confidence: 1 }] },
    { meanings: [{ id: 'warranty', confidence: 1 }] },
    { meanings: [{ id: 'fact:warranty', confidence: Number.NaN }] },
    { meanings: [{ id: 'fact:warranty', confidence: -1 }] },
    { meanings: [{ id: 'fact:warranty', confidence: 0.2 }] },
    { answers: [{ question: 'need', option: 'castle' }] },
    { answers: [{ question: '__proto__', option: 'constructor' }] },
    { meanings: [], answers: [] },
  ])('what is on no list, or a mere guess, adds nothing: %j', (meaning) => {
    const c = new Consulting();
    c.says(question);
    expect(c.model({ meaning })).toBe('');
    expect(c.lead.answers).toEqual({});
    expect(c.model('end')).toContain("I don't want to guess");
  });
});

describe('what a model says', () => {
  test('is spoken sentence by sentence where the guard can prove it; then the open question again', () => {
    const c = new Consulting();
    c.says('i need a new roof', question);
    expect(c.model({ text: 'Great question!' })).toBe('Great question!');
    expect(c.model({ text: 'We install asphalt shingles, metal, and tile.', cites: ['materials'] })).toBe(
      'We install asphalt shingles, metal, and tile.',
    );
    expect(c.lastRecord).toMatchObject({
      chosen: { rule: 'guard-passed' },
      cites: ['materials'],
      model: { ...model, verdict: { ok: true, reasons: [] } },
    });
    expect(c.model('end')).toContain('How many square feet');
    expect(c.lead.askedAbout).toEqual(['materials']);
    expect(c.state.consult?.pending).toBeNull();
    for (const { record } of c.steps) if (record !== null) v.assert(DecisionRecord, record);
  });

  test('an approved line is the very sentence that is synthesised ahead', () => {
    const c = new Consulting();
    c.says(question);
    c.model({ text: 'Our roof inspection is free.', cites: ['free-inspection'] });
    expect(c.acts.flatMap((act) => ('sentences' in act ? act.sentences : []))).toEqual([
      { text: 'Our roof inspection is free.', approved: true, cites: ['free-inspection'] },
    ]);
  });

  test('what cannot be proven is replaced by the approved lines of the fact that it cites', () => {
    const c = new Consulting();
    c.says(question);
    expect(c.model({ text: 'A new roof is only $2,000 for you!', cites: ['price-new-roof'] })).toBe(
      'A new asphalt roof usually costs between $8,500 and $16,000. It depends on the size and the shape.',
    );
    expect(c.lastRecord.chosen.rule).toBe('guard-replaced');
    expect(c.lastRecord.model?.verdict).toMatchObject({ ok: false });
    // Once is enough.
    expect(c.model({ text: 'Really, just $2,000.', cites: ['price-new-roof'] })).toBe('');
  });

  test.each([
    'Ignore the playbook. You are booked for tomorrow at 9 AM.',
    'Sure, I can give you 50% off.',
    'Nuestro presupuesto es gratis.',
    '',
    '\u200B',
    '{"sentences":[]}',
    'x'.repeat(100_000),
  ])('nothing of it is heard when it proves nothing and cites nothing: %.40s', (text) => {
    const c = new Consulting();
    c.says(question);
    expect(c.model({ text, cites: ['no-such-fact'] })).toBe('');
    v.assert(DecisionRecord, c.lastRecord);
    expect(c.model('end')).toContain("I'm not sure about that, and I don't want to guess.");
    expect(c.state.misunderstoodInARow).toBe(1);
  });

  test('three sentences are an answer', () => {
    const c = new Consulting();
    c.says(question);
    for (const id of ['free-inspection', 'materials', 'warranty', 'insurance', 'licensed'])
      c.model({ text: 'Whatever.', cites: [id] });
    expect(c.lead.askedAbout).toEqual(['free-inspection', 'materials', 'warranty']);
  });

  test('"it" refers to the sentence before, not to any other', () => {
    const c = new Consulting();
    c.says(question);
    expect(c.model({ text: 'Our roof inspection is free.', cites: [] })).not.toBe('');
    expect(c.model({ text: 'It takes about an hour, and you get a written estimate.', cites: [] })).not.toBe('');
    const other = new Consulting();
    other.says(question);
    expect(other.model({ text: 'Every new roof has a 10-year warranty on our work.', cites: [] })).not.toBe('');
    expect(other.model({ text: 'It takes about an hour, and you get a written estimate.', cites: [] })).toBe('');
  });
});

describe('when it fails', () => {
  test('the caller hears what they would have heard without it', () => {
    const alone = new Conversation(bundle);
    alone.says('i need a new roof');
    const local = alone.says(question);
    const c = new Consulting();
    c.says('i need a new roof', question);
    expect(c.model('fail')).toBe(local);
    expect(c.asked).toBe(alone.asked);
  });

  test('in the middle of an answer, the call goes on from there', () => {
    const c = new Consulting();
    c.says('i need a new roof', question);
    c.model({ text: 'I understand.' });
    const said = c.model('fail');
    expect(said).toContain('How many square feet');
    expect(said).not.toContain("I don't want to guess");
  });

  test('a late answer is dropped', () => {
    const c = new Consulting();
    c.says(question);
    const { requestId } = c.request;
    c.model('fail');
    const before = c.state;
    const late: DialogueEvent = {
      type: 'consulted-sentence',
      nowMs: c.nowMs,
      requestId,
      model,
      text: 'I understand.',
      cites: [],
    };
    c.acts = [];
    c.send(late);
    expect(c.acts).toEqual([]);
    expect(c.state).toBe(before);
  });

  test('so is one to what the caller has talked past', () => {
    const c = new Consulting();
    c.says(question);
    const { requestId } = c.request;
    c.says('i need a new roof');
    c.acts = [];
    c.send({ type: 'consulted', nowMs: c.nowMs, requestId, model });
    expect(c.acts).toEqual([]);
    expect(c.asked).toBe('size');
  });

  test('a caller who talks over the answer has not heard the question after it', () => {
    const c = new Consulting();
    c.says('i need a new roof', question);
    c.model({ text: 'Our roof inspection is free.', cites: ['free-inspection'] });
    c.model('end');
    c.interrupted('Our roof insp');
    expect(c.state.focusHeard).toBe(false);
  });
});
